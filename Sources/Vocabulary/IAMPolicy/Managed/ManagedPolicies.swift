package import Diagnostics
import JSON

/// Managed policies of AWS by their ARNs.
package struct ManagedPolicies: Sendable {
    /// In the order of their ARNs.
    package let all: [ManagedPolicy]
    private let positions: [String: Int]

    /// Later policies take the place of earlier ones of the same ARN.
    package init(_ policies: [ManagedPolicy]) {
        var byARN: [String: ManagedPolicy] = [:]
        for policy in policies { byARN[policy.arn] = policy }
        let sorted = byARN.sorted { $0.key < $1.key }
        all = sorted.map(\.value)
        positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.key, $0) })
    }

    /// Those that come with the program: API Gateway, Lambda, IAM, CloudWatch Logs, and the general ones. Made on first
    /// use; the texts are constants of the program and are not parsed.
    package static let shipped = ManagedPolicies(
        short + [apiGatewayServiceRolePolicy, readOnlyAccess, securityAudit, viewOnlyAccess])

    /// The policy of that ARN, in whatever partition; nil if there is none.
    package subscript(arn: String) -> ManagedPolicy? {
        if let position = positions[arn] { return all[position] }
        let parts = arn.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "arn" else { return nil }
        return positions["arn:aws:\(parts[2])"].map { all[$0] }
    }

    /// These and others, which take the place of those of the same ARN.
    package func adding(_ others: [ManagedPolicy]) -> ManagedPolicies { ManagedPolicies(all + others) }
}

extension ManagedPolicies {
    /// Reads policies of a folder: `index.json` is a list of `{name, file, path, defaultVersionId, createDate,
    /// updateDate, description}`, of which `name` and `file` must be there.
    ///
    /// - Parameter read: The bytes of a file of the folder, named as in the index; nil if there is none.
    /// - Returns: The valid ones, and what is wrong with the others.
    package static func load(
        index: [UInt8], file: String = "index.json", read: (String) -> [UInt8]?
    ) -> (policies: [ManagedPolicy], diagnostics: [Diagnostic]) {
        let parsed = Node.parse(json: index, file: file)
        var diagnostics = parsed.diagnostics
        guard let node = parsed.node else { return ([], diagnostics) }
        guard let entries = node.elements else {
            let message = "the index of managed policies is a list, and this is \(node.typeName)"
            return ([], diagnostics + [Diagnostic(.error, PolicyCode.wrongType, message, at: node.span)])
        }
        var policies: [ManagedPolicy] = []
        for entry in entries {
            guard let name = entry["name"]?.string, let path = entry["file"]?.string else {
                let message = "an entry of the index has a `name` and a `file`"
                diagnostics.append(Diagnostic(.error, PolicyCode.missingElement, message, at: entry.span))
                continue
            }
            guard let bytes = read(path) else {
                let message = "there is no file `\(path)` beside the index"
                diagnostics.append(Diagnostic(.error, PolicyCode.missingElement, message, at: entry.span))
                continue
            }
            let reading = PolicyDocument.read(json: bytes, file: path, as: .identity, sizeMax: .max)
            diagnostics += reading.diagnostics.filter { $0.severity == .error }
            guard let document = reading.document else { continue }
            policies.append(
                ManagedPolicy(
                    name: name, path: entry["path"]?.string ?? "/",
                    defaultVersionID: entry["defaultVersionId"]?.string ?? "v1",
                    createDate: entry["createDate"]?.string ?? "2015-02-06T18:39:46+00:00",
                    updateDate: entry["updateDate"]?.string ?? "2015-02-06T18:39:46+00:00",
                    description: entry["description"]?.string ?? "", text: document.value.text(.compact)))
        }
        return (policies, diagnostics)
    }
}
