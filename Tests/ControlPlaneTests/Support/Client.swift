import ControlPlane
import Glibc

/// Programs of the machine that speak to a listener.
enum Client {
    struct Done: Sendable {
        var status: Int32
        var output: String
    }

    struct NotStarted: Error {}

    static func exists(_ program: String) -> Bool {
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
        return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    static let terraformPlugins = getenv("GATEWRIGHT_TERRAFORM_PLUGINS").map { String(cString: $0) }
    static let hasBoto3 = shell("python3 -c 'import boto3' 2>&1").status == 0

    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw NotStarted() }
        defer { fclose(file) }
        fputs(text, file)
    }

    /// Runs a script with the listener's URL and the root's key and secret as its arguments.
    static func python(_ script: String, _ port: Int) async throws -> Done {
        let folder = try TemporaryFolder()
        try write(script, to: folder.path + "/script.py")
        return try await run(
            "python3", folder.path + "/script.py", "http://127.0.0.1:\(port)", Engine.root.accessKeyID,
            Engine.root.secretAccessKey)
    }

    /// Runs a script of `Tests/Fixtures/clients` in the same way.
    static func fixture(_ name: String, _ port: Int, _ more: String...) async throws -> Done {
        let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fixtures/clients/"
        return try await run(
            "env",
            arguments: [
                "PYTHONDONTWRITEBYTECODE=1", "python3", folder + name, "http://127.0.0.1:\(port)",
                Engine.root.accessKeyID, Engine.root.secretAccessKey,
            ] + more)
    }

    /// Runs Terraform in a folder, with the provider's mirror of ``terraformPlugins``.
    static func terraform(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> Done {
        try write(
            "provider_installation {\n filesystem_mirror {\n path = \"\(terraformPlugins ?? "")\"\n }\n}\n",
            to: folder.path + "/rc")
        return try await run(
            "env",
            arguments: [
                "TF_CLI_CONFIG_FILE=\(folder.path)/rc", "CHECKPOINT_DISABLE=1", "terraform", "-chdir=\(folder.path)",
            ] + arguments + ["-no-color", "-input=false"])
    }

    static func aws(
        _ port: Int, _ arguments: [String], service: String = "apigateway",
        secret: String = Engine.root.secretAccessKey
    ) async throws -> Done {
        try await run(
            "env",
            arguments: [
                "AWS_ACCESS_KEY_ID=\(Engine.root.accessKeyID)", "AWS_SECRET_ACCESS_KEY=\(secret)",
                "AWS_DEFAULT_REGION=us-east-1", "AWS_CONFIG_FILE=/dev/null", "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=", "aws",
                "--output", "json", "--endpoint-url", "http://127.0.0.1:\(port)", service,
            ] + arguments)
    }

    static func run(_ program: String, _ arguments: String...) async throws -> Done {
        try await run(program, arguments: arguments)
    }

    /// Runs a program on a thread of its own, since reading its output blocks.
    static func run(_ program: String, arguments: [String]) async throws -> Done {
        let command = ([program] + arguments).map(quoted).joined(separator: " ") + " 2>&1"
        return await withCheckedContinuation { continuation in
            var thread = pthread_t()
            let work = Unmanaged.passRetained(Work(command, continuation))
            pthread_create(&thread, nil, runWork, work.toOpaque())
            pthread_detach(thread)
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    fileprivate static func shell(_ command: String) -> Done {
        guard let pipe = popen(command, "r") else { return Done(status: -1, output: "") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return Done(status: pclose(pipe), output: String(decoding: bytes, as: UTF8.self))
    }

    fileprivate final class Work {
        let command: String
        let continuation: CheckedContinuation<Done, Never>

        init(_ command: String, _ continuation: CheckedContinuation<Done, Never>) {
            self.command = command
            self.continuation = continuation
        }
    }
}

private func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<Client.Work>.fromOpaque(argument).takeRetainedValue()
    work.continuation.resume(returning: Client.shell(work.command))
    return nil
}
