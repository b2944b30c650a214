import ArgumentParser
import Diagnostics
import JSON
import Persistence
import Reconciling

/// `gatewright approve`: a person's consent to one plan.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Consent to the plan of this digest; `serve` and `apply` then carry it out.")

    @Argument(help: "The digest that the plan shows: sha256: and 64 digits.")
    var digest: String

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let digits = digest.dropFirst("sha256:".count)
        guard digest.hasPrefix("sha256:"), digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit) else {
            throw ValidationError("a digest is `sha256:` and 64 hexadecimal digits, as the plan shows it")
        }
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global)
            let name = try await EnvironmentName.find(repository, session)
            let controller = try await RunningController.find(name, session.directory)
            if let controller, let pending = try await controller.status()?["pendingDigest"]?.string, pending != digest
            {
                throw CommandFailure(.staleDigest, "the plan that waits is `\(pending)`, and not `\(digest)`")
            }
            try await session.pipeline.setApproval(
                Approval(
                    environment: name, digest: digest, author: Operator.name,
                    time: Timestamp(milliseconds: WallClock.millisecondsSince1970)), of: name)
            await RunningController.wake(name, session.directory)
            terminal.say(
                "`\(digest)` of `\(name)` is approved"
                    + (controller == nil ? "; `serve` or `apply` carries it out" : ": the running controller does it"))
            return .done
        }
    }
}
