import Diagnostics
import IAMPolicy
import JSON
import YAML

/// Reads policy documents from files: a document by itself, or the documents in a manifest.
struct PolicyFileReader {
    private(set) var diagnostics: [Diagnostic] = []
    private var sources: [String: [UInt8]] = [:]

    /// - Parameter path: A file, or the ARN of a managed policy of AWS.
    /// - Returns: The valid documents; what is wrong with the others is in ``diagnostics``.
    /// - Throws: `command.file-missing`.
    mutating func policies(_ path: String, as kind: PolicyKind) throws -> [(name: String, document: PolicyDocument)] {
        if path.hasPrefix("arn:") {
            guard let managed = ManagedPolicies.shipped[path], let document = managed.document else {
                throw CommandFailure(.fileMissing, "there is no managed policy `\(path)` in this program")
            }
            return [(path, document)]
        }
        // A byte more than may be: what is cut off is refused, not read.
        guard let text = try FileText.read(path, bytesMax: YAMLLimits.standard.bytesMax + 1) else {
            throw CommandFailure(.fileMissing, "there is no file `\(path)`")
        }
        let bytes = Array(text.utf8)
        sources[path] = bytes
        var found: [(name: String, document: PolicyDocument)] = []
        for document in documents(bytes, path) {
            let places = places(document, as: kind)
            if places.isEmpty {
                let message = "`\(path)` has no policy of this kind"
                diagnostics.append(
                    Diagnostic(
                        .error, PolicyCode.missingElement, message, at: document.span,
                        remedy: "give a policy document, with `Version` and `Statement`, or a manifest with one"))
            }
            for (name, node) in places {
                let reading = PolicyDocument.read(node, as: kind)
                diagnostics += reading.diagnostics
                if let document = reading.document { found.append((name.map { "\(path) \($0)" } ?? path, document)) }
            }
        }
        return found
    }

    /// All that is wrong, with the lines it is about; empty if nothing is.
    func rendered(isColoured: Bool) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let files = sources
        return DiagnosticRenderer(.text, usesColour: isColoured) { files[$0] }.render(diagnostics)
    }

    private mutating func documents(_ bytes: [UInt8], _ path: String) -> [Node] {
        if path.hasSuffix(".json") {
            let parsed = Node.parse(json: bytes, file: path)
            diagnostics += parsed.diagnostics
            return parsed.node.map { [$0] } ?? []
        }
        let parsed = Node.parse(yaml: bytes, file: path)
        diagnostics += parsed.diagnostics
        return parsed.documents
    }

    /// The document itself, or those in the `spec` of a manifest; named by where they are in it.
    private func places(_ document: Node, as kind: PolicyKind) -> [(name: String?, node: Node)] {
        guard let spec = document["spec"], document["kind"] != nil else { return [(nil, document)] }
        let owner = document["metadata"]?["name"]?.string
        switch kind {
        case .identity, .boundary, .session:
            var places: [(name: String?, node: Node)] = []
            if let own = spec["policyDocument"] { places.append((owner, own)) }
            if kind == .identity {
                for member in spec["inlinePolicies"]?.members ?? [] {
                    places.append(("\(owner ?? "")/\(member.name)", member.value))
                }
            }
            return places
        case .resource: return spec["policy"].map { [(owner, $0)] } ?? []
        case .trust: return spec["assumeRolePolicyDocument"].map { [(owner, $0)] } ?? []
        }
    }
}
