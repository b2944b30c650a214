import Foundation
import Glibc
import Testing

extension Acceptance {
    /// Functions that do what they should not, seen by who calls their routes: the recorded answer, a function beside them
    /// that goes on with the same process, and nothing left when the engine has stopped.
    @Suite struct HostileRouteTests {
        /// A function that misbehaves when it is asked for `bad`, and what its route then answers.
        struct Behaviour: CustomTestStringConvertible, Sendable {
            var testDescription: String
            /// What it does before its first event.
            var start = ""
            /// What it does with a bad event.
            var bad: String
            var status = 502
            var body = #"{"message": "Internal server error"}"#
            /// Whether the process that misbehaved goes on.
            var staysAlive = false
        }

        private static let fine = #"{"statusCode":200,"body":"fine"}"#
        static let behaviours = [
            Behaviour(testDescription: "crashes", bad: "exit 3"),
            Behaviour(testDescription: "is killed by a fault of its own", bad: "kill -SEGV $$; sleep 60"),
            Behaviour(testDescription: "ends at once, each time", start: "exit 0", bad: ""),
            Behaviour(testDescription: "hangs", bad: "sleep 1000"),
            Behaviour(testDescription: "hangs before its first event", start: "sleep 1000", bad: ""),
            Behaviour(testDescription: "ignores SIGTERM", start: "trap '' TERM HUP INT", bad: "sleep 1000"),
            Behaviour(
                testDescription: "floods its log", bad: "yes flood | head -c 30000000 >&2; answer '\(fine)'",
                status: 200,
                body: "fine", staysAlive: true),
            Behaviour(
                testDescription: "floods its log without an end of line",
                bad: "head -c 30000000 /dev/zero >&2; answer '\(fine)'", status: 200, body: "fine", staysAlive: true),
            Behaviour(testDescription: "answers garbage", bad: "answer '<pets/>'", staysAlive: true),
            Behaviour(testDescription: "answers with bytes", bad: "head -c 3000 /dev/urandom | post", staysAlive: true),
            Behaviour(
                testDescription: "answers more than 6 MiB", bad: "head -c 7000000 /dev/zero | tr '\\0' a | post",
                staysAlive: true),
            Behaviour(
                testDescription: "answers twice", bad: "answer '\(fine)'; answer '{\"statusCode\":500}'", status: 200,
                body: "fine", staysAlive: true),
            Behaviour(
                testDescription: "answers another's request",
                bad: "ID=00000000-0000-4000-8000-000000000000 answer '{\"statusCode\":200}'; answer '\(fine)'",
                status: 200, body: "fine", staysAlive: true),
            Behaviour(
                testDescription: "forks", status200: "(sleep 98765 >/dev/null 2>&1) & disown; answer '\(fine)'"),
            Behaviour(
                testDescription: "forks into sessions of their own that ignore SIGTERM",
                status200: """
                    setsid bash -c "trap '' TERM; (setsid sleep 98765 &) ; sleep 98765" >/dev/null 2>&1 &
                    answer '\(fine)'
                    """),
            Behaviour(
                testDescription: "eats memory", bad: "x=$(head -c 1000000000 /dev/zero | tr '\\0' x); answer '\(fine)'"),
            Behaviour(
                testDescription: "eats memory for ever", bad: "x=xxxxxxxxxxxxxxxx; while true; do x=$x$x; done"),
            Behaviour(
                testDescription: "fills the disk", bad: "head -c 2000000000 /dev/zero > $TMPDIR/big || exit 4"),
            Behaviour(
                testDescription: "writes to its code",
                bad: "echo '#!/bin/true' > $LAMBDA_TASK_ROOT/bootstrap && answer '\(fine)' || exit 5"),
        ]

        private static let loop = """
            #!/bin/bash
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            post() { curl -sS -o /dev/null -H Expect: --data-binary @- $api/invocation/$ID/response; }
            answer() { printf '%s' "$1" | post; }
            START
            while true; do
              EVENT=$(curl -sS -D $TMPDIR/head $api/invocation/next)
              ID=$(grep -i '^lambda-runtime-aws-request-id:' $TMPDIR/head | tr -d '\\r' | cut -d' ' -f2)
              case $EVENT in
                *'"bad"'*)
            BAD
                ;;
                *) answer "{\\"statusCode\\":200,\\"body\\":\\"$$\\"}" ;;
              esac
            done

            """

        @Test("the route of a function that", arguments: behaviours)
        func route(_ behaviour: Behaviour) async throws {
            let place = try Place()
            let repository = try await Self.repository(behaviour, place)
            let server = try await Server.serve(repository, "--enable-functions")
            let site = try await server.site("hostile")
            let neighbour = try await site.get("/good")
            try #require(neighbour.status == 200, "\(neighbour.text)")
            let before = try await site.get("/hostile/fine")
            for _ in 0..<2 {
                let answer = try await site.get("/hostile/bad")
                #expect(answer.status == behaviour.status, "\(answer.text)")
                #expect(answer.body == behaviour.body, "\(answer.text)")
                #expect(try await site.get("/good").body == neighbour.body, "the other function has another process")
            }
            if behaviour.start.isEmpty {
                let after = try await site.get("/hostile/fine")
                #expect(after.status == 200, "\(after.text)")
                #expect((after.body == before.body) == behaviour.staysAlive, "\(before.body), then \(after.body)")
            }
            #expect(!place.processes.isEmpty, "the test would not see what is left")
            try await server.stop()
            #expect(place.processes == [])
        }

        @Test("after kill -9 of the engine nothing of its functions is left, and the next engine answers again")
        func killed() async throws {
            let place = try Place()
            let behaviour = Behaviour(
                testDescription: "", start: "trap '' TERM HUP INT",
                bad: "setsid bash -c \"trap '' TERM; (setsid sleep 98765 &) ; sleep 98765\" & wait")
            let repository = try await Self.repository(behaviour, place)
            let first = try await Server.serve(repository, "--enable-functions")
            let site = try await first.site("hostile")
            #expect(try await site.get("/good").status == 200)
            async let asked = site.get("/hostile/bad")
            // The good one; the bad one, what it started, and what that started.
            _ = try await until("five processes") { (place.processes.count >= 5 ? () : nil, "\(place.processes)") }
            first.program.signal(SIGKILL)
            try await first.program.end()
            #expect(try await asked.status == 0)
            _ = try await until("no process to be left") { (place.processes.isEmpty ? () : nil, "\(place.processes)") }

            let second = try await Server.serve(repository, "--enable-functions")
            #expect(try await second.site("hostile").get("/good").status == 200)
            try await second.stop()
            #expect(place.processes == [])
        }

        private static func repository(_ behaviour: Behaviour, _ place: Place) async throws -> Repository {
            var files = [
                ".gitignore": ".gatewright/\n",
                "gatewright.yaml": """
                apiVersion: gatewright/v1
                kind: Environment
                metadata: { name: dev }
                spec: { manifests: [apis], target: { engine: {} } }
                """,
                ".gatewright/gatewright.conf.yaml": "engine: { functions: { folder: \(place.folder) } }\n",
                "apis/hostile.yaml": manifest,
                "apis/good/bootstrap": loop.replacing("START", with: "").replacing("BAD", with: ":"),
            ]
            files["apis/hostile/bootstrap"] =
                loop.replacing("START", with: behaviour.start).replacing("BAD", with: behaviour.bad)
            let repository = try Repository(files: files)
            for file in [".gatewright", "apis/good/bootstrap", "apis/hostile/bootstrap"] {
                chmod(repository.folder + "/" + file, 0o700)
            }
            chmod(repository.folder + "/.gatewright/gatewright.conf.yaml", 0o600)
            try await repository.start()
            return repository
        }

        private static let manifest = """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: hostile }
            spec:
              stages: { test: {} }
              definition:
                inline:
                  openapi: 3.0.1
                  info: { title: Hostile, version: "1" }
                  paths:
                    /good:
                      get:
                        responses: {}
                        x-amazon-apigateway-integration:
                          { type: aws_proxy, httpMethod: POST, uri: "${Function/good.invokeArn}" }
                    /hostile/{mood}:
                      get:
                        parameters: [{ name: mood, in: path, required: true, schema: { type: string } }]
                        responses: {}
                        x-amazon-apigateway-integration:
                          { type: aws_proxy, httpMethod: POST, uri: "${Function/hostile.invokeArn}" }
            ---
            apiVersion: gatewright/v1
            kind: Role
            metadata: { name: hostile }
            spec:
              assumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
            ---
            apiVersion: gatewright/v1
            kind: Function
            metadata: { name: good }
            spec:
              runtime: provided.al2023
              handler: none
              code: good
              role: ${Role/hostile.arn}
              timeout: 20
              permissions: { gateway: { principal: apigateway.amazonaws.com } }
            ---
            apiVersion: gatewright/v1
            kind: Function
            metadata: { name: hostile }
            spec:
              runtime: provided.al2023
              handler: none
              code: hostile
              role: ${Role/hostile.arn}
              timeout: 3
              permissions: { gateway: { principal: apigateway.amazonaws.com } }
            """
    }
}

extension Acceptance.HostileRouteTests.Behaviour {
    /// One that answers, and leaves processes behind by doing so.
    fileprivate init(testDescription: String, status200 bad: String) {
        self.init(testDescription: testDescription, bad: bad, status: 200, body: "fine", staysAlive: true)
    }
}

/// A folder for the functions of one engine, which all users may enter.
private final class Place {
    let folder: String

    init() throws {
        folder = "/tmp/gatewright-functions-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        chmod(folder, 0o755)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record("\(error)") }
    }

    /// Those whose environment names the folder: all that functions started, in whatever session.
    var processes: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.filter { Int($0) != nil }.compactMap { pid -> String? in
            guard let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ"),
                String(decoding: environment, as: UTF8.self).contains("LAMBDA_TASK_ROOT=" + folder)
            else { return nil }
            let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            return pid + " " + String(decoding: words, as: UTF8.self).replacing("\0", with: " ")
        }
    }
}
