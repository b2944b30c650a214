/// The template that answers with the origin that asks, if it is one of several: what a CORS rule puts in front of others.
package enum CORSTemplate {
    private static let start = "#set($corsOrigins = ["
    private static let end = "])#set($corsHeaders"
    private static let pattern = "$corsOrigin.startsWith('"

    /// Prints nothing; each origin is a line, so that a difference of two shows which came and which went.
    ///
    /// Header names come as the client writes them: `Origin` with HTTP/1.1, `origin` with HTTP/2. `$input.params('origin')`
    /// would look in path and query string first.
    ///
    /// - Parameter origins: Without quotes in them; `https://*` is all of a scheme.
    package static func echo(_ origins: [String]) -> String {
        let listed = origins.filter { !$0.hasSuffix("*") }.map { "'\($0)'" }.joined(separator: ",\n")
        let patterns = origins.filter { $0.hasSuffix("*") }.map { " || \(pattern)\($0.dropLast())')" }.joined()
        return "\(start)\n\(listed)\n\(end) = $input.params().header)"
            + "#set($corsOrigin = \"$!corsHeaders.get('origin')\")"
            + "#if($corsOrigin == '')#set($corsOrigin = \"$!corsHeaders.get('Origin')\")#end"
            + "#if($corsOrigins.contains($corsOrigin)\(patterns))"
            + "#set($context.responseOverride.header.Access-Control-Allow-Origin = $corsOrigin)#end"
    }

    /// The origins of a text that ``echo(_:)`` made and nothing else; nil for any other.
    package static func origins(of template: String) -> [String]? {
        guard template.hasPrefix(start), let end = template.firstRange(of: end) else { return nil }
        var origins = template[..<end.lowerBound].dropFirst(start.count).split(separator: "\n").map { line in
            String(line.drop { $0 == "'" }.prefix { $0 != "'" })
        }
        var rest = template[end.upperBound...]
        while let next = rest.firstRange(of: pattern) {
            rest = rest[next.upperBound...]
            origins.append(rest.prefix { $0 != "'" } + "*")
        }
        return echo(origins) == template ? origins : nil
    }
}
