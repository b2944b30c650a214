import Diagnostics
import JSON
import Resources
import YAML

/// Bytes to documents: no I/O, one call per file, so that files can be parsed side by side.
enum ManifestParsing {
    static let apiVersion = "gatewright/v1"

    /// Reads a file that may be a manifest.
    ///
    /// - Parameter isNamed: A file that is named by itself is read whatever it looks like.
    static func file(_ path: String, _ bytes: [UInt8], isNamed: Bool) -> ManifestFile {
        var file = ManifestFile(path: path)
        guard isNamed || looksLikeOurs(bytes) else { return file }
        let (documents, diagnostics) = nodes(path, bytes)
        file.diagnostics = diagnostics
        let written = documents.filter { !$0.isNull }
        let claims = written.map(Claim.init)
        file.isOurs = claims.contains { $0.isOurs } || (written.isEmpty && file.diagnostics.hasErrors)
        // A file with a fault that is somebody else's all through is none of our business.
        guard file.isOurs || isNamed else { return ManifestFile(path: path) }
        guard file.isOurs else { return file }
        for (node, claim) in zip(written, claims) {
            var envelope = Envelope(node: node, file: path)
            if let document = envelope.read(claim) { file.documents.append(document) }
            file.diagnostics += envelope.diagnostics
        }
        return file
    }

    /// The documents of a file, whoever they belong to.
    static func nodes(_ path: String, _ bytes: [UInt8]) -> (nodes: [Node], diagnostics: [Diagnostic]) {
        if TreePath.isJSON(path) {
            let reading = Node.parse(json: bytes, file: path, limits: JSONLimits(bytesMax: Limits.manifestBytes))
            return (reading.node.map { [$0] } ?? [], reading.diagnostics)
        }
        let reading = Node.parse(yaml: bytes, file: path, limits: YAMLLimits(bytesMax: Limits.manifestBytes))
        return (reading.documents, reading.diagnostics)
    }

    /// Cheap and never wrong about a manifest: without one of these words there is none, not even a nearly right one.
    static func looksLikeOurs(_ bytes: [UInt8]) -> Bool {
        contains(bytes, "apiVersion") || contains(bytes, "gatewright/")
    }

    private static func contains(_ bytes: [UInt8], _ word: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { text in
            let length = word.utf8CodeUnitCount
            guard text.count >= length else { return false }
            let first = word.utf8Start[0]
            var position = 0
            let last = text.count - length
            while position <= last {
                if text[position] == first {
                    var matched = 1
                    while matched < length, text[position + matched] == word.utf8Start[matched] { matched += 1 }
                    if matched == length { return true }
                }
                position += 1
            }
            return false
        }
    }
}

/// Whose a document says that it is.
enum Claim {
    case ours
    /// `apiVersion`, or its name, is nearly right.
    case nearly(Node.Member)
    case none
    case foreign

    var isOurs: Bool {
        switch self {
        case .ours, .nearly: true
        case .none, .foreign: false
        }
    }

    init(_ document: Node) {
        if let member = document.member("apiVersion") {
            guard let text = member.value.scalarText else {
                self = .foreign
                return
            }
            if text == ManifestParsing.apiVersion {
                self = .ours
            } else if Self.isNearlyOurs(text) || (document["kind"]?.string == "RestApi" && !text.contains(".")) {
                self = .nearly(member)
            } else {
                self = .foreign
            }
        } else if let member = document.members?.first(where: { Self.isMistypedVersion($0) }) {
            self = .nearly(member)
        } else {
            self = .none
        }
    }

    private static func isNearlyOurs(_ text: String) -> Bool {
        text.lowercased().hasPrefix("gatewright")
            || Suggestion.nearest(to: text, among: [ManifestParsing.apiVersion]) != nil
    }

    private static func isMistypedVersion(_ member: Node.Member) -> Bool {
        guard let value = member.value.string, value.lowercased().hasPrefix("gatewright/") else { return false }
        return Suggestion.nearest(to: member.name, among: ["apiVersion"]) != nil
    }
}
