import Resources

/// Where a target serves its stages.
enum StageURL: Sendable {
    /// AWS itself.
    case aws(region: String)
    /// An endpoint that serves every stage below `/_aws/execute-api`: scheme and authority, without a path.
    case endpoint(String)

    /// The URL of a stage in the parts of a request; nil for an endpoint that is none.
    func parts(of question: ProbeQuestion) -> (scheme: String, authority: String, prefix: String)? {
        // What goes into the URL came from the target and from a checked manifest; it still must be a name.
        guard [question.apiID, question.stageName].allSatisfy(Self.isName) else { return nil }
        switch self {
        case .aws(let region):
            let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            return ("https", "\(question.apiID).execute-api.\(region).\(domain)", "/\(question.stageName)")
        case .endpoint(let text):
            for scheme in ["http", "https"] where text.hasPrefix("\(scheme)://") {
                var authority = text.dropFirst(scheme.utf8.count + 3)
                if authority.hasSuffix("/") { authority.removeLast() }
                guard !authority.isEmpty, !authority.contains(where: { "/?#@\\ ".contains($0) }) else { return nil }
                return (scheme, String(authority), "/_aws/execute-api/\(question.apiID)/\(question.stageName)")
            }
            return nil
        }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
