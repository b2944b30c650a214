import Diagnostics
import IAMPolicy
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// What the questions to manifests and to an account share.
extension WhyCommand {
    /// Where the manifests are.
    var folder: String { dir ?? "." }

    /// - Returns: Nil when the manifests have errors; they have been printed.
    func graph(_ terminal: Terminal) async throws -> DesiredGraph? {
        let tree = WorkingTree(folder)
        let result = try await ManifestLoader.checking(repoPath: "").load(environment: environment, from: tree)
        if result.graph == nil {
            terminal.note(
                try await DiagnosticPrinter(tree: tree).text(result.diagnostics, .text, isColoured: terminal.colour))
        }
        return result.graph
    }

    /// - Parameter whole: What has no such object, for the message.
    /// - Throws: `command.unknown-object`
    func answer(from world: AccessWorld, of whole: String) throws(CommandFailure) -> AccessAnswer {
        switch world.answer(
            principal, action, resource, resourceAccount: resourceAccount, context: requestContext)
        {
        case .unknown(let name):
            throw CommandFailure(
                .unknownObject, "\(whole) has no `\(name)`, and it is no ARN that says who or what is meant")
        case .answer(let found): return found
        }
    }

    func say(_ answer: WhyAnswer, _ terminal: Terminal) -> ExitStatus {
        terminal.say(format == .json ? answer.json.text(.pretty) : answer.text)
        return answer.decision.isAllowed ? .done : .notApproved
    }
}
