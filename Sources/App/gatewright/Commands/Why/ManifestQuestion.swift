import Diagnostics
import IAMPolicy
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// `gatewright why` with the policies of an environment's manifests.
struct ManifestQuestion {
    let command: WhyCommand

    func run(_ terminal: Terminal) async throws -> ExitStatus {
        guard let graph = try await command.graph(terminal) else { return .error }
        let world = AccessWorld(
            home: AccessHome(target: graph.target), objects: graph.resources.map { ($0.address, $0.document) })
        let found = try command.answer(from: world, of: "the environment `\(graph.environment)`")
        return command.say(
            WhyAnswer(
                request: found.request, decision: found.decision, notes: found.notes,
                place: try found.decision.statement.flatMap { try place(of: $0, in: graph) }), terminal)
    }

    /// Where the statement stands; where its policy is only known to be of an object, the object.
    private func place(of statement: StatementOrigin, in graph: DesiredGraph) throws -> SourceSpan? {
        let words = statement.policy.split(separator: " ", maxSplits: 1).map(String.init)
        guard let address = words.first.flatMap({ Address(text: $0) }),
            let span = graph.resources.first(where: { $0.address == address })?.span
        else { return nil }
        var reader = PolicyFileReader()
        let path = command.folder == "." ? span.file : "\(command.folder)/\(span.file)"
        let name = "\(path) \(address.name)" + (words.count > 1 ? "/\(words[1])" : "")
        for kind in [PolicyKind.identity, .trust, .resource] {
            let found = try reader.policies(path, as: kind).first { $0.name == name }?.document.statements
            guard let found, found.indices.contains(statement.index), let place = found[statement.index].span else {
                continue
            }
            return SourceSpan(file: span.file, line: place.line, column: place.column, length: place.length)
        }
        return span
    }
}
