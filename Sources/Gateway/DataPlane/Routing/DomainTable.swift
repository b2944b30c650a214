/// Hosts that are not the service's own, and the stages that they serve.
package struct DomainTable: Sendable, Hashable {
    package struct Mapping: Sendable, Hashable {
        /// The first part of the path; empty for the rest of them.
        package var basePath: String
        package var apiID: String
        /// Nil: the next part of the path names it.
        package var stageName: String?

        package init(basePath: String, apiID: String, stageName: String?) {
            self.basePath = basePath
            self.apiID = apiID
            self.stageName = stageName
        }
    }

    /// By host in small letters, then by base path.
    private var hosts: [String: [String: Mapping]] = [:]

    package init() {}

    /// - Parameter host: In small letters; the first label may be `*`. With no mapping it serves nobody.
    package mutating func add(_ host: String, _ mappings: [Mapping]) {
        hosts[host] = Dictionary(mappings.map { ($0.basePath, $0) }) { $1 }
    }

    var isEmpty: Bool { hosts.isEmpty }

    enum Outcome: Equatable {
        /// The host is none of these.
        case otherHost
        /// The host is, the path is mapped to nothing.
        case unmapped
        case stage(StageAddress)
    }

    /// - Parameters:
    ///   - bytes: The head of the request.
    ///   - authority: The host asked for, as a place in `bytes`; a port may follow.
    ///   - path: The path, as a place in `bytes`.
    func find(_ bytes: [UInt8], authority: Range<Int>, path: Range<Int>) -> Outcome {
        guard let mappings = mappings(bytes[authority]) else { return .otherHost }
        var parts = PathParts(bytes: bytes, position: path.lowerBound, end: path.upperBound)
        var rest = parts.position
        var mapping = mappings[""]
        var basePath = ""
        if let first = parts.next(), let named = mappings[parts.text(first)] {
            (mapping, rest, basePath) = (named, parts.position, named.basePath)
        } else {
            parts.position = rest
        }
        guard let mapping else { return .unmapped }
        var prefix = basePath.isEmpty ? "" : "/\(basePath)"
        if let stageName = mapping.stageName {
            return .stage(
                StageAddress(apiID: mapping.apiID, stageName: stageName, restStart: rest, customPrefix: prefix))
        }
        guard let stage = parts.next() else { return .unmapped }
        prefix += "/\(parts.text(stage))"
        return .stage(
            StageAddress(
                apiID: mapping.apiID, stageName: parts.text(stage), restStart: parts.position, customPrefix: prefix))
    }

    private func mappings(_ authority: ArraySlice<UInt8>) -> [String: Mapping]? {
        let end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        var host = authority[authority.startIndex..<end]
        if host.last == UInt8(ascii: ".") { host.removeLast() }
        let name = String(decoding: host.map(lowercasedASCII), as: UTF8.self)
        if let own = hosts[name] { return own }
        guard let dot = name.firstIndex(of: ".") else { return nil }
        return hosts["*" + name[dot...]]
    }
}
