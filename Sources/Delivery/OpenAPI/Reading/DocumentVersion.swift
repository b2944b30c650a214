import Diagnostics
import JSON

/// Which OpenAPI a document is written in.
enum DocumentVersion {
    case known(DocumentReading.Version)
    case refused(OpenAPICode, message: String, span: SourceSpan, remedy: String)

    init(of root: Place) {
        let remedy = "write `openapi: 3.0.1` or `swagger: \"2.0\"`"
        switch (root["swagger"], root["openapi"]) {
        case (let one?, let other?):
            self = .refused(
                .invalidDocument, message: "the document has both `swagger` and `openapi`",
                span: max(one.nameSpan, other.nameSpan), remedy: "keep the one that it is written in")
        case (nil, nil):
            self = .refused(
                .invalidDocument, message: "the document has neither `swagger` nor `openapi`", span: root.node.span,
                remedy: remedy)
        case (let swagger?, nil):
            self =
                swagger.node.scalarText == "2.0"
                ? .known(.swagger2) : Self.unsupported("swagger", swagger, remedy: remedy)
        case (nil, let openAPI?):
            let text = openAPI.node.scalarText ?? ""
            self =
                text == "3.0" || text.hasPrefix("3.0.")
                ? .known(.openAPI3) : Self.unsupported("openapi", openAPI, remedy: remedy)
        }
    }

    private static func unsupported(_ name: String, _ place: Place, remedy: String) -> Self {
        let text = place.node.scalarText.map { "`\(name): \($0)`" } ?? "`\(name)` as \(place.node.typeName)"
        return .refused(
            .unsupportedVersion, message: "\(text) is no version that API Gateway imports", span: place.node.span,
            remedy: remedy)
    }
}
