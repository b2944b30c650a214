import DataPlane
import FoundationEssentials
import Functions
import Glibc
import NIOCore
import Synchronization

/// Runs the functions of a test in a real host, for sources that were granted.
final class HostedFunctions: FunctionInvoker {
    let host: FunctionHost
    private let store: CodeStore
    private let functions = Mutex<[String: FunctionSpecification]>([:])
    private let received = Mutex<[FunctionCall]>([])
    let isGranted = Mutex(true)

    private init(_ host: FunctionHost, _ store: CodeStore) {
        self.host = host
        self.store = store
    }

    var calls: [FunctionCall] { received.withLock { $0 } }

    /// Functions can be run here: by the service's own client for Python, or by a Python of the system.
    static var canRunPython: Bool { interpreter != nil || access("/usr/bin/python3", X_OK) == 0 }
    private static var interpreter: String? { ProcessInfo.processInfo.environment["GATEWRIGHT_LAMBDA_PYTHON"] }

    static func with(_ body: (HostedFunctions) async throws -> Void) async throws {
        let folder = "/tmp/gw-proxied-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        chmod(folder, 0o755)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = FunctionHostConfiguration(
            scratchFolder: folder + "/scratch", clock: { Int64(Date().timeIntervalSince1970 * 1000) })
        configuration.grace = .milliseconds(200)
        if let interpreter { configuration.runtimes["python3.11"] = .python(interpreter) }
        let host = try await FunctionHost(configuration)
        do {
            try await body(HostedFunctions(host, CodeStore(root: folder + "/code")))
        } catch {
            await host.stop()
            throw error
        }
        await host.stop()
    }

    /// - Parameter file: Of Tests/Fixtures/functions.
    func addPython(_ name: String, file: String, timeout: Duration = .seconds(20)) throws {
        var files = ["app.py": try Self.fixture(file)]
        if Self.interpreter == nil { files["bootstrap"] = try Self.fixture("bootstrap") }
        try add(name, files, runtime: Self.interpreter == nil ? "provided.al2023" : "python3.11", timeout)
    }

    /// - Parameter answer: Lines of bash that print the answer.
    func addShell(_ name: String, answer: String, timeout: Duration = .seconds(20)) throws {
        let script = """
            #!/bin/bash
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            while true; do
                EVENT=$(curl -sS -D $TMPDIR/head $api/invocation/next) || exit 1
                ID=$(grep -i '^lambda-runtime-aws-request-id:' $TMPDIR/head | tr -d '\\r' | cut -d' ' -f2)
                { \(answer)
                } | curl -sS $api/invocation/$ID/response --data-binary @- >/dev/null
            done
            """
        try add(name, ["bootstrap": script], runtime: "provided.al2023", timeout)
    }

    private func add(_ name: String, _ files: [String: String], runtime: String, _ timeout: Duration) throws {
        let folder = try store.keep(
            files.map { CodeFile(path: $0.key, bytes: Array($0.value.utf8), isExecutable: $0.key == "bootstrap") })
        var function = FunctionSpecification(
            arn: Self.arn(name), name: name, runtime: runtime, handler: "app.handler", codeFolder: folder.path)
        function.timeout = timeout
        functions.withLock { $0[function.arn] = function }
    }

    static func arn(_ name: String) -> String { "arn:aws:lambda:us-east-1:123456789012:function:" + name }

    static func uri(_ name: String) -> String {
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(arn(name))/invocations"
    }

    private static func fixture(_ name: String, _ here: String = #filePath) throws -> String {
        let tests = here.split(separator: "/").dropLast(3).joined(separator: "/")
        return try String(contentsOfFile: "/\(tests)/Fixtures/functions/\(name)", encoding: .utf8)
    }

    func invoke(_ call: FunctionCall, on eventLoop: any EventLoop) -> EventLoopFuture<FunctionReply> {
        received.withLock { $0.append(call) }
        guard let function = functions.withLock({ $0[call.function] }) else {
            return eventLoop.makeSucceededFuture(
                .refused(
                    status: 404, type: "ResourceNotFoundException", message: "Function not found: \(call.function)"))
        }
        guard isGranted.withLock({ $0 }) else {
            return eventLoop.makeSucceededFuture(
                .refused(
                    status: 403, type: "AccessDeniedException", message: "not authorized: lambda:InvokeFunction"))
        }
        let event = call.event.isEmpty ? Array("{}".utf8) : call.event
        let invocation = Invocation(event: event, invokedARN: call.function, requestID: call.requestID)
        return host.start(function, invocation, on: eventLoop).map { answer in
            .answered(payload: answer.payload, functionError: answer.isError ? "Unhandled" : nil)
        }.recover { error in .unavailable("\(error)") }
    }
}
