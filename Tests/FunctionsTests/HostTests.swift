import Diagnostics
import FoundationEssentials
import Functions
import Glibc
import Testing

@Suite(.enabled(if: Processes.isInstalled("curl") && Processes.isInstalled("bash"), "needs bash and curl"))
struct HostTests {
    @Test("a bootstrap gets the event and its answer comes back, with the log around it")
    func answers() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(handle: "echo said something >&2; printf %s \"$EVENT\"")
            let first = try await stage.invoke(function, #"{"a":1}"#)
            #expect(first.text == #"{"a":1}"#)
            #expect(!first.isError)
            #expect(first.initDuration != nil)
            let lines = first.log.split(separator: "\n")
            #expect(lines.first == "START RequestId: \(first.requestID) Version: $LATEST")
            #expect(lines.contains("said something"))
            #expect(lines.dropLast().last == "END RequestId: \(first.requestID)")
            #expect(lines.last?.hasPrefix("REPORT RequestId: \(first.requestID)\tDuration: ") == true)
            #expect(first.log.contains("\tMemory Size: 128 MB\tMax Memory Used: "))
            #expect(first.log.contains("Init Duration"))
            #expect(String(decoding: stage.host.recentLog(of: function.arn), as: UTF8.self) == first.log)
        }
    }

    @Test("a process is used again, and only its first invocation has an initialisation")
    func reuse() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(handle: "echo $$")
            let first = try await stage.invoke(function)
            let second = try await stage.invoke(function)
            #expect(first.text == second.text)
            #expect(second.initDuration == nil)
            #expect(!second.log.contains("Init Duration"))
            #expect(!second.log.contains(first.requestID))
            #expect(await stage.host.processCount() == 1)
        }
    }

    @Test("the environment is what AWS sets and the function's own, nothing else")
    func environment() async throws {
        try await TestStage.with { stage in
            var function = try stage.function(handle: "env -u api; tr '\\0' '\\n' < /proc/$$/environ")
            function.environment = ["TABLE": "pets", "AWS_REGION": "mine", "LANG": "C", "BAD=NAME": "x"]
            function.memoryMegabytes = 256
            let text = try await stage.invoke(function).text
            let names = Set(text.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) })
            let shell: Set<String> = ["PWD", "SHLVL", "_", "OLDPWD"]
            #expect(
                names.subtracting(shell) == [
                    "_HANDLER", "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
                    "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "LAMBDA_RUNTIME_DIR",
                    "LAMBDA_TASK_ROOT", "LANG", "PATH", "TABLE", "TMPDIR", "TZ",
                ])
            #expect(text.contains("TABLE=pets\n"))
            #expect(text.contains("AWS_REGION=us-east-1\n"))
            #expect(text.contains("LANG=C\n"))
            #expect(text.contains("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256\n"))
        }
    }

    @Test("the runtime is told the request's id, its deadline, the ARN that was called, trace and client")
    func headers() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(handle: "cat $TMPDIR/head | tr -d '\\r'")
            var invocation = Invocation(event: Array("{}".utf8), invokedARN: function.arn + ":live")
            invocation.traceID = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700"
            invocation.clientContext = #"{"custom":{}}"#
            let before = Int64(Date().timeIntervalSince1970 * 1000)
            let text = try await stage.host.invoke(function, invocation).text
            #expect(text.contains("Lambda-Runtime-Aws-Request-Id: \(invocation.requestID)\n"))
            #expect(text.contains("Lambda-Runtime-Invoked-Function-Arn: \(function.arn):live\n"))
            #expect(text.contains("Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\n"))
            #expect(text.contains(#"Lambda-Runtime-Client-Context: {"custom":{}}"#))
            let deadline = text.split(separator: "\n").first { $0.hasPrefix("Lambda-Runtime-Deadline-Ms: ") }
            let value = try #require(deadline.flatMap { Int64($0.dropFirst(28)) })
            #expect(value > before + 15_000 && value < before + 60_000)
        }
    }

    @Test("what a function says of its error is the answer, and the process goes on")
    func reportedError() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(
                handle: """
                    call $api/invocation/$ID/error -d '{"errorMessage":"no such pet","errorType":"NotFound"}' >/dev/null
                    echo none
                    """)
            let first = try await stage.invoke(function)
            #expect(first.isError)
            #expect(first.text == #"{"errorMessage":"no such pet","errorType":"NotFound"}"#)
            let second = try await stage.invoke(function)
            #expect(second.initDuration == nil)
        }
    }

    @Test("an error of the initialisation is the answer of the invocation that waits")
    func initError() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(
                init: """
                    call $api/init/error -d '{"errorMessage":"no module","errorType":"Runtime.ImportModuleError"}'
                    exit 1
                    """, handle: "true")
            let answer = try await stage.invoke(function)
            #expect(answer.isError)
            #expect(answer.text == #"{"errorMessage":"no module","errorType":"Runtime.ImportModuleError"}"#)
            let calls = Invocation(event: [], invokedARN: function.arn)
            #expect(try await stage.host.invoke(function, calls).isError)
        }
    }

    @Test("more invocations at once than are reserved are refused, the others are run")
    func reservedConcurrency() async throws {
        try await TestStage.with { stage in
            var function = try stage.function(handle: "while [ ! -e $EVENT ]; do sleep 0.02; done; echo done")
            let gate = stage.folder + "/gate"
            function.reservedConcurrency = 1
            let running = function
            async let first = stage.invoke(running, gate)
            await until { await stage.host.processCount() == 1 }
            await #expect(throws: FunctionsFailure.self) { try await stage.invoke(running, gate) }
            try TestStage.makeFile(gate, mode: 0o644)
            #expect(try await first.text == "done")
            function.reservedConcurrency = 0
            let none = function
            await #expect { try await stage.invoke(none, gate) } throws: {
                ($0 as? FunctionsFailure)?.code == .throttled
            }
        }
    }

    @Test("what is reserved is for all versions together, and none of another function's")
    func reservedForAllVersions() async throws {
        try await TestStage.with { stage in
            let handle = "while [ ! -e $EVENT ]; do sleep 0.02; done; echo done"
            let gate = stage.folder + "/gate"
            func version(_ version: String, of name: String = "sample") throws -> FunctionSpecification {
                var function = try stage.function(name, handle: handle)
                function.reservedConcurrency = 1
                function.arn += ":" + version
                function.version = version
                return function
            }
            let (one, two, other) = (try version("1"), try version("2"), try version("2", of: "sample2"))
            async let first = stage.invoke(one, gate)
            await until { await stage.host.processCount() == 1 }
            await #expect { try await stage.invoke(two, gate) } throws: {
                ($0 as? FunctionsFailure)?.code == .throttled
            }
            try TestStage.makeFile(gate, mode: 0o644)
            #expect(try await stage.invoke(other, gate).text == "done")
            #expect(try await first.text == "done")
            #expect(try await stage.invoke(two, gate).text == "done")
        }
    }

    @Test("invocations at once have a process each")
    func parallel() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(handle: "while [ ! -e $EVENT ]; do sleep 0.02; done; echo $$")
            let gate = stage.folder + "/gate"
            async let first = stage.invoke(function, gate)
            async let second = stage.invoke(function, gate)
            await until { await stage.host.processCount() == 2 }
            try TestStage.makeFile(gate, mode: 0o644)
            #expect(try await first.text != second.text)
        }
    }

    @Test("where all places are taken, the process that is idle the longest makes room")
    func makesRoom() async throws {
        try await TestStage.with {
            $0.processesMax = 2
        } _: { stage in
            let functions = try ["one", "two", "three"].map { try stage.function($0, handle: "echo $$") }
            let one = try await stage.invoke(functions[0]).text
            let two = try await stage.invoke(functions[1]).text
            _ = try await stage.invoke(functions[2])
            #expect(try await stage.invoke(functions[1]).text == two)
            #expect(try await stage.invoke(functions[0]).text != one)
        }
    }

    @Test("another code or configuration is run by another process")
    func change() async throws {
        try await TestStage.with { stage in
            var function = try stage.function(handle: "echo $$ $COLOUR")
            let first = try await stage.invoke(function).text
            function.environment = ["COLOUR": "red"]
            let second = try await stage.invoke(function).text
            #expect(second.hasSuffix(" red"))
            #expect(first.split(separator: " ").first != second.split(separator: " ").first)
            // What was reserved is no reason for another one.
            function.reservedConcurrency = 5
            #expect(try await stage.invoke(function).text == second)
            await until { await stage.host.processCount() == 1 }
        }
    }

    @Test("a process that nobody calls is ended")
    func idle() async throws {
        try await TestStage.with {
            $0.idleLimit = .milliseconds(50)
        } _: { stage in
            _ = try await stage.invoke(stage.function(handle: "echo 1"))
            await until { await stage.host.processCount() == 0 }
        }
    }

    @Test("a runtime that the engine has no program for is refused by name")
    func unknownRuntime() async throws {
        try await TestStage.with { stage in
            let function = try stage.function("f", files: ["app.rb": ""], runtime: "ruby3.4")
            await #expect { try await stage.invoke(function) } throws: {
                guard let failure = $0 as? FunctionsFailure else { return false }
                return failure.code == .runtimeUnknown && failure.message.contains("`ruby3.4`")
            }
        }
    }

    @Test("events and answers have the service's limits")
    func sizes() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(
                handle: """
                    case "$EVENT" in
                    "{}") head -c 7000000 /dev/zero | tr '\\0' x | \\
                        call $api/invocation/$ID/response -w '%{http_code}' --data-binary @- -o $TMPDIR/said >&2
                        cat $TMPDIR/said >&2; echo none;;
                    *) printf %s "$EVENT" | wc -c;;
                    esac
                    """)
            let answer = try await stage.invoke(function)
            #expect(answer.isError)
            #expect(answer.text.contains(#""errorType":"Function.ResponseSizeTooLarge""#))
            #expect(answer.text.contains("exceeded maximum allowed payload size (6291556 bytes)."))
            #expect(answer.log.contains("413"))
            #expect(answer.log.contains("RequestEntityTooLarge"))
            let large = Invocation(event: [UInt8](repeating: 48, count: 6_291_457), invokedARN: function.arn)
            await #expect { try await stage.host.invoke(function, large) } throws: {
                ($0 as? FunctionsFailure)?.code == .eventTooLarge
            }
            let asynchronous = Invocation(event: [UInt8](repeating: 48, count: 262_145), invokedARN: function.arn)
            await #expect { try await stage.host.submit(function, asynchronous) } throws: {
                ($0 as? FunctionsFailure)?.code == .eventTooLarge
            }
        }
    }

    @Test("an event that nobody waits for is tried again, then given up")
    func events() async throws {
        try await TestStage.with {
            $0.eventRetryDelays = [.milliseconds(5), .milliseconds(5)]
        } _: { stage in
            let function = try stage.function(
                handle: "echo attempt >> $EVENT; [ $(wc -l < $EVENT) = 2 ] || exit 1; echo 1")
            let path = stage.folder + "/attempts"
            try TestStage.makeFile(path, mode: 0o666)
            let event = Invocation(event: Array(path.utf8), invokedARN: function.arn)
            try await stage.host.submit(function, event)
            await until { await stage.host.waitingEventCount() == 0 }
            #expect(FileManager.default.contents(atPath: path)?.count == 2 * 8)

            let failing = try stage.function("failing", handle: "echo attempt >> $EVENT; exit 1")
            try await stage.host.submit(failing, Invocation(event: event.event, invokedARN: failing.arn))
            await until { await stage.host.waitingEventCount() == 0 }
            let log = String(decoding: stage.host.recentLog(of: failing.arn), as: UTF8.self)
            #expect(FileManager.default.contents(atPath: path)?.count == 5 * 8, "\(log)")
        }
    }

    @Test("after the stop nothing is run")
    func stopped() async throws {
        try await TestStage.with { stage in
            let function = try stage.function(handle: "echo 1")
            _ = try await stage.invoke(function)
            await stage.host.stop()
            await #expect { try await stage.invoke(function) } throws: {
                ($0 as? FunctionsFailure)?.code == .stopped
            }
        }
    }
}

/// Waits until it is so, at most 20 seconds; the test fails then.
func until(_ condition: () async throws -> Bool) async rethrows {
    let end = ContinuousClock.now + .seconds(20)
    while try await !condition() {
        guard ContinuousClock.now < end else {
            Issue.record("it did not come about in time")
            return
        }
        await Task.yield()
    }
}
