import AWSProvider
import ArgumentParser
import Diagnostics
import GitSource
import Glibc
import JSON
import Manifests
import Persistence
import Reconciling
import Resources

/// `gatewright doctor`: what works here and what does not, one line each.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the repository, the data directory, the target and the listeners.")

    @OptionGroup var repository: RepositoryOptions

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        var failed = false
        func check(_ name: String, _ work: () async throws -> String) async {
            do {
                terminal.say("ok    \(name): \(try await work())")
            } catch let failure as any Failure {
                failed = true
                terminal.say(
                    "FAIL  \(name): error[\(failure.codeText)]: \(failure.message)\n"
                        + "      help: gatewright explain \(failure.codeText)")
            } catch {
                failed = true
                terminal.say("FAIL  \(name): \(error)")
            }
        }
        let directory = DataDirectory(
            option: global.dataDir, environment: global.environment, repository: repository.folder)
        var loaded: LoadedConfiguration?
        await check("controller's configuration") {
            let found = try global.configuration(directory)
            loaded = found
            return found.file ?? "no file: variables, flags and defaults"
        }
        var tree: (any FileTree)? = repository.isRemote ? nil : WorkingTree(repository.location)
        await check("git repository") {
            let opened =
                repository.isRemote
                ? try await repository.open(directory, try settings(loaded).git, global.environment)
                : try OpenRepository(folder: repository.location)
            let id = try await opened.git.resolve("HEAD")
            if repository.isRemote { tree = CommitTree(opened.git, at: id) }
            return "HEAD is \(id.short)"
        }
        var targets: [(environment: String, aws: JSONObject)] = []
        await check("configuration") {
            guard let tree else {
                throw CommandFailure(.invalidConfiguration, "it is in a repository that cannot be read")
            }
            let found = try await repository.loader().environments(in: tree)
            if let first = found.diagnostics.first(where: { $0.severity == .error }) {
                throw CommandFailure(.invalidConfiguration, first.message)
            }
            for name in found.names {
                let result = try await repository.loader().load(environment: name, from: tree)
                guard case .graph(let graph) = result.outcome else { continue }
                if let aws = graph.target["aws"]?.object { targets.append((name, aws)) }
            }
            return "environments \(found.names.joined(separator: ", "))"
        }
        for setting in loaded?.settings ?? [] {
            terminal.say("      \(setting.path) = \(setting.text)  (\(setting.origin))")
        }
        if let loaded {
            for (path, reference) in loaded.secrets {
                await check("secret \(path)") {
                    _ = try reference.read(global.environment)
                    return "\(reference) is there"
                }
            }
        }
        if let listeners = loaded?.values.listeners {
            for (name, files) in listeners.certificates {
                await check("certificate of \(name)") {
                    let tls = try ListenerTLS(files)
                    try tls.checkTime()
                    return "\(files.certificate) and its key are a pair"
                }
            }
        }
        await check("data directory") {
            try directory.prepare()
            return directory.path
        }
        await check("recorded state") {
            let session = try await Session.open(repository, global, configuration: loaded)
            let names = try await session.stores.environments()
            return names.isEmpty ? "empty" : "environments \(names.joined(separator: ", "))"
        }
        await check("engine") {
            let connection = try await TargetConnection.open(
                ["engine": [:]], directory, global, try settings(loaded))
            let found = try await connection.provider(environment: "doctor").observe(
                .init(addresses: [.init(.restAPI, "gatewright-doctor")]))
            return found.isEmpty ? "answers signed calls" : "answers"
        }
        for (name, aws) in targets {
            await check("credentials of \(name)") {
                let target = AWSTarget(
                    aws, region: aws["region"]?.string ?? "us-east-1", try settings(loaded), global.environment)
                return "\(try await target.credentials().source)"
            }
        }
        await check("listeners") {
            guard let url = try ListenerFile(directory: directory).url(.data) else {
                return "none: no `serve` or `engine` ran here yet"
            }
            return "data plane was at \(url)"
        }
        if failed { throw ExitStatus.error.code }
    }

    private func settings(_ loaded: LoadedConfiguration?) throws(CommandFailure) -> ControllerConfiguration {
        guard let loaded else {
            throw CommandFailure(.invalidConfiguration, "the controller's configuration has errors")
        }
        return loaded.values
    }
}
