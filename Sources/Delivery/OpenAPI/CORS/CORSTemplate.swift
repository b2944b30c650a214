/// The template that answers with the origin that asks, if it is one of several.
enum CORSTemplate {
    /// Comes before what the user wrote, and prints nothing.
    ///
    /// Header names come as the client writes them: `Origin` with HTTP/1.1, `origin` with HTTP/2. `$input.params('origin')`
    /// would look in path and query string first.
    static func echo(_ origins: [String]) -> String {
        let conditions = origins.map { origin in
            CORSRule.isPattern(origin)
                ? "$corsOrigin.startsWith(\(literal(String(origin.dropLast()))))"
                : "$corsOrigin == \(literal(origin))"
        }
        return "#set($corsHeaders = $input.params().header)"
            + "#set($corsOrigin = \"$!corsHeaders.get('origin')\")"
            + "#if($corsOrigin == '')#set($corsOrigin = \"$!corsHeaders.get('Origin')\")#end"
            + "#if(\(conditions.joined(separator: " || ")))"
            + "#set($context.responseOverride.header.Access-Control-Allow-Origin = $corsOrigin)#end"
    }

    /// Gives the backend's answer as it is.
    static let body = "$input.body"

    /// Origins have no quote in them.
    private static func literal(_ text: String) -> String { "'\(text)'" }
}
