import Diagnostics

extension OpenAPICode {
    var corsExplanation: Explanation {
        switch self {
        case .corsByHand:
            Explanation(
                meaning: "a CORS rule cannot give these responses their headers",
                cause:
                    "the answer of a proxy integration goes to the client as it is; a binary body goes through no template, "
                    + "which several origins need; a gateway response has no conditions",
                remedy:
                    "let the backend send `Access-Control-Allow-Origin`, or write the headers of these responses yourself; "
                    + "without, browsers keep the responses from scripts",
                example: "cors: { allowOrigins: [https://shop.example] } over `type: aws_proxy`")
        default:
            Explanation(
                meaning: "the CORS rule says what no browser would accept, or could ever match",
                cause:
                    "an origin that is no scheme, host and port; an unknown method or header; `*` beside others, or with "
                    + "credentials",
                remedy: "write origins as browsers send them: `https://shop.example`, `http://localhost:3000`",
                example: "allowOrigins: [\"https://shop.example/\"]")
        }
    }
}
