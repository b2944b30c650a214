import FoundationEssentials
import Functions
import Glibc
import Logging
import Testing

/// A host with folders of its own, and functions made from scripts.
struct TestStage: Sendable {
    let host: FunctionHost
    let store: CodeStore
    let folder: String

    /// Runs `body` with a host that is stopped whatever happens, and sees that nothing of its processes is left.
    static func with(
        logger: Logger = Logger(label: "functions") { _ in SwiftLogNoOpLogHandler() },
        _ change: (inout FunctionHostConfiguration) -> Void = { _ in }, _ body: (TestStage) async throws -> Void
    ) async throws {
        let folder = try newFolder()
        defer { remove(folder) }
        var configuration = FunctionHostConfiguration(
            scratchFolder: folder + "/scratch", clock: { Int64(Date().timeIntervalSince1970 * 1000) })
        configuration.grace = .milliseconds(200)
        change(&configuration)
        let host = try await FunctionHost(configuration, logger: logger)
        let stage = TestStage(host: host, store: CodeStore(root: folder + "/code"), folder: folder)
        do {
            try await body(stage)
        } catch {
            await host.stop()
            throw error
        }
        await host.stop()
        #expect(Processes.mentioning(folder) == [], "processes are left")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/scratch") == [])
    }

    /// Everybody may enter it, as functions with users of their own must.
    static func newFolder() throws -> String {
        let folder = "/tmp/gw-functions-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        chmod(folder, 0o755)
        return folder
    }

    struct NoFile: Error {}

    static func makeFile(_ path: String, mode: UInt32) throws {
        let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode)
        guard file >= 0, fchmod(file, mode) == 0, close(file) == 0 else { throw NoFile() }
    }

    static func remove(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record("\(error)") }
    }

    /// A function whose event is `$EVENT` and whose answer is what `handle` prints. `$ID` is the request's id, `call`
    /// asks the runtime API.
    func function(_ name: String = "sample", init: String = "", handle: String) throws -> FunctionSpecification {
        try function(
            name, files: ["bootstrap": Self.prelude + `init` + "\nhandle() {\n" + handle + "\n}\n" + Self.loop])
    }

    func function(_ name: String, files: [String: String], runtime: String = "provided.al2023") throws
        -> FunctionSpecification
    {
        let folder = try store.keep(
            files.map { CodeFile(path: $0.key, bytes: Array($0.value.utf8), isExecutable: $0.key == "bootstrap") })
        var function = FunctionSpecification(
            arn: "arn:aws:lambda:us-east-1:123456789012:function:" + name, name: name, runtime: runtime,
            handler: "app.handler", codeFolder: folder.path)
        function.timeout = .seconds(20)
        return function
    }

    func invoke(_ function: FunctionSpecification, _ event: String = "{}") async throws -> InvocationAnswer {
        try await host.invoke(function, Invocation(event: Array(event.utf8), invokedARN: function.arn))
    }

    private static let prelude = """
        #!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
        call() { curl -sS "$@"; }

        """

    private static let loop = """
        while true; do
            EVENT=$(call -D $TMPDIR/head $api/invocation/next) || exit 1
            ID=$(grep -i '^lambda-runtime-aws-request-id:' $TMPDIR/head | tr -d '\\r' | cut -d' ' -f2)
            ANSWER=$(handle) || exit $?
            [ "$ANSWER" = none ] || printf %s "$ANSWER" | call $api/invocation/$ID/response --data-binary @- >/dev/null
        done
        """
}

extension InvocationAnswer {
    var text: String { String(decoding: payload, as: UTF8.self) }
    var log: String { String(decoding: logTail, as: UTF8.self) }
}

/// What the system knows of processes.
enum Processes {
    /// Those whose variables, arguments or working folder have `text`; zombies have nothing.
    static func mentioning(_ text: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard pid != getpid() else { return false }
            let places = ["environ", "cmdline"].map { contents("/proc/\(pid)/\($0)") }
            return places.contains { $0.contains(text) }
        }
    }

    private static func contents(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isInstalled(_ program: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return (path.split(separator: ":") + ["/usr/bin", "/bin"]).contains { access($0 + "/" + program, X_OK) == 0 }
    }
}
