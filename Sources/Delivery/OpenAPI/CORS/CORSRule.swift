package import Diagnostics

/// Which other sites may call an API from a browser: what `x-amazon-apigateway-cors` and `spec.cors` say.
package struct CORSRule: Sendable {
    /// As browsers send them, `https://shop.example`; `https://*` is all of a scheme, `*` stands alone for all. Never
    /// empty.
    package var origins: [String]
    /// In capitals; nil where those of the path are meant.
    package var methods: [String]?
    /// What requests may have beyond the headers that browsers always allow.
    package var headers: [String]
    /// What scripts may read of a response.
    package var exposedHeaders: [String]
    /// How long a browser may keep the answer.
    package var maxAgeSeconds: Int?
    package var allowsCredentials: Bool
    /// Where the rule is written.
    package var span: SourceSpan

    /// The members that are read, with the names of the extension.
    static let memberNames = [
        "allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge", "allowCredentials",
    ]
    /// What `*` in `allowMethods` stands for, and what `ANY` answers.
    static let allMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

    /// The one value that `Access-Control-Allow-Origin` always has; nil where it depends on who asks.
    var onlyOrigin: String? {
        guard origins.count == 1, let only = origins.first, only == "*" || !Self.isPattern(only) else { return nil }
        return only
    }

    /// `*`, `https://*`.
    static func isPattern(_ origin: String) -> Bool { origin.hasSuffix("*") }
}
