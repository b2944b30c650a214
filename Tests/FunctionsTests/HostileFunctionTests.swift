import Diagnostics
import FoundationEssentials
import Functions
import Glibc
import Testing

/// Functions that do what they should not: the recorded error, the others unaffected, nothing left.
@Suite(.enabled(if: Processes.isInstalled("curl") && Processes.isInstalled("bash"), "needs bash and curl"))
struct HostileFunctionTests {
    /// Runs a bad function beside a good one, which must answer before and after with the same process.
    private func beside(
        _ change: (inout FunctionHostConfiguration) -> Void = { _ in },
        _ body: (TestStage) async throws -> Void
    ) async throws {
        try await TestStage.with(change) { stage in
            let good = try stage.function("good", handle: "echo $$")
            let before = try await stage.invoke(good).text
            try await body(stage)
            #expect(try await stage.invoke(good).text == before)
        }
    }

    @Test("a crash is Runtime.ExitError with the exit status, and the next invocation has a new process")
    func crash() async throws {
        try await beside { stage in
            let function = try stage.function(handle: "[ \"$EVENT\" = ok ] && echo fine || exit 3")
            let answer = try await stage.invoke(function)
            #expect(answer.isError)
            let message = "RequestId: \(answer.requestID) Error: Runtime exited with error: exit status 3"
            #expect(answer.text == #"{"errorType":"Runtime.ExitError","errorMessage":"\#(message)"}"#)
            #expect(answer.log.contains(message + "\nRuntime.ExitError\nEND "))
            #expect(try await stage.invoke(function, "ok").text == "fine")
        }
    }

    @Test(
        "an end by a signal is named",
        arguments: [("KILL", "killed"), ("SEGV", "segmentation fault"), ("ABRT", "aborted")])
    func signals(_ signal: String, _ word: String) async throws {
        try await beside { stage in
            let answer = try await stage.invoke(stage.function(handle: "kill -\(signal) $$; sleep 5"))
            #expect(answer.text.contains("Error: Runtime exited with error: signal: \(word)\""))
        }
    }

    @Test("an end without an error is Runtime.ExitError without a reason")
    func quietExit() async throws {
        try await beside { stage in
            let answer = try await stage.invoke(stage.function(init: "exit 0", handle: ""))
            #expect(answer.text.contains("Error: Runtime exited without providing a reason"))
        }
    }

    @Test("a function that hangs is ended at its time limit")
    func hang() async throws {
        try await beside { stage in
            var function = try stage.function(handle: "echo working >&2; sleep 1000")
            function.timeout = .milliseconds(300)
            let answer = try await stage.invoke(function)
            #expect(
                answer.text
                    == #"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: "#
                    + "\(answer.requestID) Error: Task timed out after 0.30 seconds\"}")
            #expect(answer.log.contains("working\n"))
            #expect(answer.log.contains("Z \(answer.requestID) Task timed out after 0.30 seconds\n\nEND"))
            #expect(answer.log.hasSuffix("Status: timeout\n"))
            #expect(answer.duration >= .milliseconds(300))
        }
    }

    @Test("an initialisation that hangs has its own time limit before the function's")
    func hangingInit() async throws {
        try await beside {
            $0.initLimit = .milliseconds(1200)
        } _: { stage in
            var function = try stage.function(init: "sleep 1000", handle: "")
            function.timeout = .milliseconds(100)
            let answer = try await stage.invoke(function)
            #expect(answer.text.contains("Task timed out after 0.10 seconds"))
            #expect(answer.duration >= .milliseconds(1300))
        }
    }

    @Test("a function that floods its log keeps 4 KiB of it, and answers")
    func flood() async throws {
        try await beside { stage in
            let function = try stage.function(handle: "yes flood | head -c 30000000 >&2; echo done")
            let answer = try await stage.invoke(function)
            #expect(answer.text == "done")
            #expect(answer.logTail.count == 4096)
            #expect(answer.log.contains("END RequestId: \(answer.requestID)"))
            #expect(stage.host.recentLog(of: function.arn).count == 256 * 1024)
        }
    }

    @Test("words on the runtime API that make no sense are refused, and the function may go on")
    func garbage() async throws {
        try await beside { stage in
            let function = try stage.function(
                handle: """
                    host=${AWS_LAMBDA_RUNTIME_API%:*} port=${AWS_LAMBDA_RUNTIME_API#*:}
                    head -c 100000 /dev/urandom > /dev/tcp/$host/$port
                    code() { call -o /dev/null -w '%{http_code} ' "$@"; }
                    code $api/invocation/someone-elses/response -d 1
                    code $api/invocation/next
                    code $api/nothing
                    code http://$AWS_LAMBDA_RUNTIME_API/
                    code $api/init/error -d '{}'
                    """)
            #expect(try await stage.invoke(function).text == "400 403 404 404 403 ")
            #expect(try await stage.invoke(function).initDuration == nil)
        }
    }

    @Test("an answer that is no JSON is passed on as it is")
    func notJSON() async throws {
        try await beside { stage in
            let answer = try await stage.invoke(stage.function(handle: "echo -n '<pets/>'"))
            #expect(answer.text == "<pets/>")
            #expect(!answer.isError)
        }
    }

    @Test("what a function started goes with it, in a session of its own too, and SIGTERM ignored")
    func forks() async throws {
        try await beside { stage in
            let function = try stage.function(
                init: "trap '' TERM",
                handle: """
                    (sleep 98765 >/dev/null 2>&1) & disown
                    setsid bash -c "trap '' TERM; (setsid sleep 98765 &) ; sleep 98765" >/dev/null 2>&1 &
                    [ "$EVENT" = crash ] && kill -9 $$
                    echo started
                    """)
            #expect(try await stage.invoke(function).text == "started")
            // The shell, what it started, and that the test would see them.
            #expect(Processes.mentioning(function.codeFolder).count >= 4)
            #expect(try await stage.invoke(function, "crash").isError)
            await until { Processes.mentioning(function.codeFolder).isEmpty }
            #expect(try await stage.invoke(function).text == "started")
            // The rest is for the stop, which the stage watches.
        }
    }

    @Test(
        "a function that takes more memory than it has fails by itself", .enabled(if: Processes.isInstalled("python3")))
    func memory() async throws {
        try await beside { stage in
            let function = try stage.function(
                handle: "/usr/bin/python3 -c 'x = bytearray(1 << 30)' >&2 && echo eaten || exit 9")
            let answer = try await stage.invoke(function)
            #expect(answer.text.contains("exit status 9"))
            #expect(answer.log.contains("MemoryError"))
        }
    }

    @Test("a program that is missing, may not be executed or is none is named")
    func entryPoints() async throws {
        try await beside { stage in
            let missing = try await stage.invoke(stage.function("missing", files: ["app.py": ""]))
            #expect(missing.text.contains(#""errorType":"Runtime.InvalidEntrypoint""#))
            #expect(missing.text.contains("Couldn't find valid bootstrap(s): [\(stage.folder)/code/"))
            let noProgram = try await stage.invoke(stage.function("noProgram", files: ["bootstrap": "\u{1}\u{2}"]))
            #expect(noProgram.text.contains("/bootstrap: exec format error\""))
            let folder = try stage.store.keep([CodeFile(path: "bootstrap", bytes: [], isExecutable: false)])
            var plain = try stage.function("plain", files: ["bootstrap": ""])
            plain.codeFolder = folder.path
            #expect(try await stage.invoke(plain).text.contains("/bootstrap: permission denied\""))
        }
    }

    @Test("functions cannot write to their code, nor reach each other, nor root's files", .enabled(if: geteuid() == 0))
    func isolation() async throws {
        try await beside { stage in
            let victim = try stage.function("victim", handle: "echo $$ $TMPDIR")
            let words = try await stage.invoke(victim).text.split(separator: " ").map(String.init)
            let secret = stage.folder + "/secret"
            try TestStage.makeFile(secret, mode: 0o600)
            let function = try stage.function(
                handle: """
                    try() { "$@" >/dev/null 2>&1 && echo -n "may " || echo -n "no "; }
                    try kill -0 \(words[0])
                    try ls \(words[1])
                    try cat \(secret)
                    try touch $LAMBDA_TASK_ROOT/new
                    try rm -f $LAMBDA_TASK_ROOT/bootstrap
                    try touch $TMPDIR/own
                    try ls /proc/\(getpid())/fd
                    id -G
                    """)
            let said = try await stage.invoke(function).text.split(separator: " ")
            #expect(said.dropLast().joined(separator: " ") == "no no no no no may no")
            #expect(said.last.flatMap { Int($0) } ?? 0 >= 61_184)
        }
    }

    @Test("nobody else is served events on a function's port", .enabled(if: geteuid() == 0))
    func foreignConnections() async throws {
        try await beside { stage in
            let function = try stage.function(handle: "echo $AWS_LAMBDA_RUNTIME_API")
            let address = try await stage.invoke(function).text
            let url = "http://\(address)/2018-06-01/runtime/invocation/next"
            // An empty answer, or a connection that was reset.
            #expect([52, 56].contains(try Commands.run("curl", ["-s", "--max-time", "10", url])))
            #expect(try await stage.invoke(function).text == address)
        }
    }

    @Test("nothing is left when the host is killed by SIGKILL, and the next one clears up")
    func killedHost() async throws {
        let folder = try TestStage.newFolder()
        defer { TestStage.remove(folder) }
        let store = CodeStore(root: folder + "/code")
        let script = """
            #!/bin/bash
            trap '' TERM HUP INT
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            setsid bash -c "trap '' TERM; (setsid sleep 98765 &) ; sleep 98765" &
            sleep 98765 &
            while true; do
                curl -s -D $TMPDIR/head $api/invocation/next >/dev/null
                ID=$(grep -i '^lambda-runtime-aws-request-id:' $TMPDIR/head | tr -d '\\r' | cut -d' ' -f2)
                [ -e $TMPDIR/once ] && wait
                touch $TMPDIR/once
                curl -s $api/invocation/$ID/response -d '"up"' >/dev/null
            done
            """
        let code = try store.keep([CodeFile(path: "bootstrap", bytes: Array(script.utf8), isExecutable: true)])
        let host = try HostProcess([code.path, folder + "/scratch"])
        #expect(try host.readLine() == "\"up\"")
        // Bash three times, and as many sleeps.
        await until { Processes.mentioning(code.path).count >= 5 }
        kill(host.pid, SIGKILL)
        host.wait()
        await until { Processes.mentioning(code.path).isEmpty }

        // Of what it left on the disk nothing is there after the next start.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/scratch").count == 1)
        let next = try await FunctionHost(FunctionHostConfiguration(scratchFolder: folder + "/scratch", clock: { 0 }))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/scratch") == [])
        await next.stop()
    }
}
