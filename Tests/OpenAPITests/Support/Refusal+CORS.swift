import OpenAPI

extension Refusal {
    /// One fault in `x-amazon-apigateway-cors`; to the service the member is a sign of an HTTP API, whatever it holds.
    private init(
        cors testDescription: String, _ rule: String, _ code: OpenAPICode = .invalidCORS, at: String, says: String = "",
        remedy: String = ""
    ) {
        self.init(
            testDescription: "CORS: " + testDescription,
            yaml: Samples.operation("operationId: a", rest: "x-amazon-apigateway-cors: \(rule)"), code: code, at: at,
            says: says, remedy: remedy, service: "HTTP API")
    }

    private init(origin: String, _ says: String, remedy: String) {
        self.init(
            cors: "the origin \(origin)", "{ allowOrigins: ['\(origin)'] }", at: "'\(origin)'", says: says,
            remedy: remedy)
    }

    static let cors = shapes + origins + words

    private static let shapes = [
        Self(cors: "nothing", "{}", .missingMember, at: "x-amazon-apigateway-cors", says: "no origin"),
        Self(cors: "no map", "[a]", .wrongType, at: "[a]", says: "a map"),
        Self(cors: "no origin", "{ maxAge: 60 }", .missingMember, at: "x-amazon", remedy: "`allowOrigins`"),
        Self(cors: "an empty list", "{ allowOrigins: [] }", .missingMember, at: "allowOrigins"),
        Self(
            cors: "an unknown member", "{ allowOrigins: ['*'], allowMethod: [GET] }", .unknownMember, at: "allowMethod",
            remedy: "`allowMethods`"),
        Self(
            cors: "an unknown extension", "{ allowOrigins: ['*'], x-amazon-apigateway-auth: {} }", .unknownExtension,
            at: "x-amazon-apigateway-auth"),
        Self(
            cors: "headers in one text", "{ allowOrigins: ['*'], allowHeaders: 'A,B' }", .wrongType, at: "'A,B'",
            says: "a list"),
        Self(cors: "a word for a number", "{ allowOrigins: ['*'], maxAge: soon }", .wrongType, at: "soon"),
        Self(
            cors: "a negative age", "{ allowOrigins: ['*'], maxAge: -1 }", .invalidValue, at: "-1",
            says: "between 0 and 86400"),
        Self(cors: "an age over a day", "{ allowOrigins: ['*'], maxAge: 86401 }", .invalidValue, at: "86401"),
        Self(
            cors: "an age that overflows", "{ allowOrigins: ['*'], maxAge: 99999999999999999999 }", .wrongType,
            at: "99999"),
        Self(
            cors: "a word for a flag", "{ allowOrigins: ['https://a.b'], allowCredentials: maybe }", .wrongType,
            at: "maybe"),
    ]

    private static let origins = [
        Self(origin: "shop.example", "no scheme", remedy: "`https://shop.example`"),
        Self(origin: "https://shop.example/", "more than scheme", remedy: "`https://shop.example`"),
        Self(origin: "https://shop.example/a?b", "more than scheme", remedy: "`https://shop.example`"),
        Self(origin: "https://Shop.example", "capitals", remedy: "`https://shop.example`"),
        Self(origin: "https://*.shop.example", "`*` among", remedy: "`https://*`"),
        Self(origin: "https://shop.example:443", "port of its scheme", remedy: "`https://shop.example`"),
        Self(origin: "http://shop.example:80", "port of its scheme", remedy: "`http://shop.example`"),
        Self(origin: "https://shop.example:", "no port", remedy: "65535"),
        Self(origin: "https://shop.example:0", "no port", remedy: "65535"),
        Self(origin: "https://shop.example:65536", "no port", remedy: "65535"),
        Self(origin: "https://shop.example:99999999999999999999", "no port", remedy: "65535"),
        Self(origin: "https://shop.example:080", "no port", remedy: "65535"),
        Self(origin: "https://", "no host", remedy: "host name"),
        Self(origin: "https://:3000", "no host", remedy: "host name"),
        Self(origin: "https://user@shop.example", "no host", remedy: "host name"),
        Self(origin: "https://[shop]", "no host", remedy: "host name"),
        Self(origin: "1https://a.b", "no scheme that", remedy: "https"),
        Self(origin: "null", "sandboxed", remedy: "list the sites"),
        Self(origin: "https://a.b https://c.d", "a character", remedy: "one origin"),
        Self(origin: "https://a.b/${x}", "more than scheme", remedy: "https://a.b"),
        Self(origin: "https://${stageVariables.host}", "no host", remedy: "host name"),
        Self(
            cors: "a quote, which would end the template's text", "{ allowOrigins: [\"https://a.b'#end\"] }",
            at: "\"https://a.b'", says: "a character"),
    ]

    private static let words = [
        Self(
            cors: "one origin twice", "{ allowOrigins: ['https://a.b', 'https://a.b'] }", .duplicate,
            at: "'https://a.b']",
            says: "twice"),
        Self(
            cors: "`*` beside an origin", "{ allowOrigins: ['https://a.b', '*'] }", at: "'*'", says: "beside others"),
        Self(
            cors: "a method that is none", "{ allowOrigins: ['*'], allowMethods: [GET, FETCH] }", .invalidValue,
            at: "FETCH",
            says: "none of"),
        Self(
            cors: "a method misspelt", "{ allowOrigins: ['*'], allowMethods: [POSTS] }", .invalidValue, at: "POSTS",
            remedy: "`POST`"),
        Self(
            cors: "one method twice", "{ allowOrigins: ['*'], allowMethods: [GET, get] }", .duplicate, at: "get]"),
        Self(
            cors: "a header with its value", "{ allowOrigins: ['*'], allowHeaders: ['A: b'] }", at: "'A: b'",
            says: "no name of a header"),
        Self(
            cors: "a header with a quote", "{ allowOrigins: ['*'], exposeHeaders: [\"A'\"] }", at: "\"A'\"",
            says: "no name of a header"),
        Self(
            cors: "an empty header", "{ allowOrigins: ['*'], allowHeaders: [''] }", at: "''",
            says: "no name of a header"),
        Self(
            cors: "one header twice", "{ allowOrigins: ['*'], allowHeaders: [X-A, x-a] }", .duplicate, at: "x-a]"),
        Self(
            cors: "all origins with credentials", "{ allowOrigins: ['*'], allowCredentials: true }", at: "'*'",
            says: "allows credentials", remedy: "list the origins"),
        Self(
            cors: "all of a scheme with credentials", "{ allowOrigins: ['https://*'], allowCredentials: true }",
            at: "'https://*'", says: "allows credentials"),
        Self(
            cors: "all headers with credentials",
            "{ allowOrigins: ['https://a.b'], allowHeaders: ['*'], allowCredentials: true }", at: "'*'",
            says: "`allowHeaders`", remedy: "by their names"),
        Self(
            cors: "all exposed headers with credentials",
            "{ allowOrigins: ['https://a.b'], exposeHeaders: ['*'], allowCredentials: true }", at: "'*'",
            says: "`exposeHeaders`"),
        Self(
            cors: "too many origins",
            "{ allowOrigins: [\((0..<101).map { "'https://a\($0).b'" }.joined(separator: ", "))] }",
            at: "allowOrigins", says: "101", remedy: "at most 100"),
        Self(
            cors: "headers longer than a response may have",
            "{ allowOrigins: ['*'], allowHeaders: [\(String(repeating: "a", count: 4_100))] }", at: "allowHeaders",
            says: "4101 bytes", remedy: "4096"),
    ]
}
