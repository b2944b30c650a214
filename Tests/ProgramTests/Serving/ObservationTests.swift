import Foundation
import JSON
import Testing

extension Acceptance {
    /// What a running `serve` tells about itself: logs, metrics, traces.
    @Suite struct ObservationTests {
        let repository: Repository

        init() async throws { repository = try await Repository.hello() }

        @Test("JSON logs are one object a line with the stable keys, access records among them, and nothing secret")
        func logs() async throws {
            let server = try await Server.serve(repository, "--log-format", "json")
            let site = try await server.site("hello")
            for path in ["/hello", "/nowhere", "/%22a%0Ab"] { _ = try await site.get(path) }
            try await server.eventually("three access records") {
                let text = server.program.output.err
                return (text.split(separator: "\n").count { $0.contains(#""message":"request""#) } == 3, text)
            }
            _ = try await server.stop()
            let lines = server.program.output.err.split(separator: "\n")
            var records: [JSONValue] = []
            for line in lines { records.append(try JSONValue(parsing: Array(line.utf8))) }
            for record in records {
                let time = try #require(record["time"]?.string)
                #expect(time.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil, "\(time)")
                for key in ["level", "label", "message"] { #expect(record[key]?.string?.isEmpty == false, "\(record)") }
            }
            let access = records.filter { $0["message"] == "request" }
            #expect(access.map { $0["gw.status"]?.int } == [200, 403, 403])
            #expect(access[0]["gw.method"] == "GET" && access[0]["gw.stage"] == "test")
            #expect(access[0]["gw.path"]?.string?.hasSuffix("/hello") == true)
            #expect(Set(access.compactMap { $0["gw.request"]?.string }).count == 3)
            #expect(records.contains { $0["message"] == "configuration" && $0["gw.conf.logs.format"] == "json" })
            let secret = try repository.read(".gatewright/credentials").split(separator: "\n")
                .first { $0.contains("secret") }.map { $0.split(separator: "=", maxSplits: 1)[1].dropFirst() }
            #expect(!server.program.output.all.contains(try #require(secret)))
        }

        @Test("access records may be switched off")
        func noAccessRecords() async throws {
            try repository.write(".gatewright/gatewright.conf.yaml", "logs: { requests: errors }\n")
            let server = try await Server.serve(repository)
            _ = try await server.site("hello").get("/hello")
            try await server.stop()
            #expect(!server.program.output.err.contains("gw.path"), "\(server.program.output)")
        }

        @Test("metrics count what happened to commits, steps and requests")
        func metrics() async throws {
            let server = try await Server.serve(repository)
            let site = try await server.site("hello")
            for _ in 0..<3 { _ = try await site.get("/hello") }
            _ = try await site.get("/nowhere")
            let answer = try await server.controller("/metrics")
            let text = answer.text
            for line in [
                "gatewright_dataplane_requests_total{status=\"2xx\"} 3",
                "gatewright_dataplane_targets_count{state=\"unhealthy\"} 0",
                "gatewright_dataplane_requests_total{status=\"4xx\"} 1", "gatewright_dataplane_request_seconds_count 4",
                "gatewright_reconciling_commit_to_live_seconds_count 1",
                "gatewright_reconciling_attempts_total{outcome=\"applied\"} 1",
                "gatewright_reconciling_environments_count{state=\"ready\"} 1",
                "gatewright_reconciling_attempt_seconds_count{state=\"ready\"} 1",
                "gatewright_planning_plan_seconds_count 1",
            ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
            #expect(
                text.contains(
                    "gatewright_applying_call_seconds_count{direction=\"do\",kind=\"RestApi\",outcome=\"succeeded\"}"),
                "\(text)")
            guard Program.isInstalled("promtool") else { return }
            try repository.write("page", text)
            let check = try await Program.run(
                "bash", ["-c", "promtool check metrics <page"], in: repository.folder, repository.workspace)
            #expect(check.status == 0, "\(check)")
        }

        @Test("an engine alone shows its health and metrics on its management listener, and nothing else without a key")
        func engine() async throws {
            try await repository.apply()
            let server = try await Server.engine(repository)
            _ = try await server.site("hello").get("/hello")
            let site = Site(url: "http://\(try server.address("management"))", workspace: repository.workspace)
            let health = try await site.get("/healthz")
            #expect(health.status == 200 && health.body.contains("ok"), "\(health.text)")
            let metrics = try await site.get("/metrics")
            #expect(metrics.header("Content-Type")?.hasPrefix("text/plain") == true, "\(metrics.text)")
            #expect(metrics.body.contains("gatewright_dataplane_requests_total{status=\"2xx\"} 1\n"), "\(metrics.text)")
            #expect(!metrics.body.contains("gatewright_reconciling_polls"), "\(metrics.text)")
            for path in ["/restapis", "/metrics/", "/healthz/x"] { #expect(try await site.get(path).status == 403) }
            #expect(try await site.get("/metrics", "--request", "POST").status == 403)
            let help = try await repository.gatewright("engine", "--help")
            #expect(help.out.contains("/metrics"), "\(help)")
        }

        @Test(
            "a collector gets one trace a reconcile, with its phases and steps, and one a request of a sampled caller")
        func traces() async throws {
            let collector = try await FakeServer { _ in .status(200, body: "{}") }
            try repository.write(
                ".gatewright/gatewright.conf.yaml",
                """
                telemetry:
                  otlp: { endpoint: "\(collector.url)", headers: { x-key: { env: COLLECTOR_KEY } } }
                  sampleRatio: 0

                """)
            let server = try await Server.serve(repository, environment: ["COLLECTOR_KEY": "k3y"])
            let site = try await server.site("hello")
            let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            _ = try await site.get("/hello")
            _ = try await site.get("/hello", "--header", "traceparent: \(parent)")
            try await server.stop()
            #expect(!collector.requests.isEmpty)
            var spans: [JSONValue] = []
            for request in collector.requests {
                #expect(request.method == "POST" && request.path == "/v1/traces")
                #expect(request.header("content-type") == "application/json" && request.header("x-key") == "k3y")
                let document = try JSONValue(parsing: request.body)
                spans += document["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array ?? []
            }
            let reconcile = try #require(spans.first { $0["name"] == "reconcile" })
            let inside = spans.filter { $0["parentSpanId"] == reconcile["spanId"] }
            #expect(Set(inside.compactMap { $0["name"]?.string }) == ["load", "plan", "apply"], "\(spans)")
            let apply = try #require(inside.first { $0["name"] == "apply" })
            #expect(spans.contains { $0["name"] == "step" && $0["parentSpanId"] == apply["spanId"] })
            #expect(spans.allSatisfy { $0["name"] == "GET" || $0["traceId"] == reconcile["traceId"] })
            let requests = spans.filter { $0["name"] == "GET" }
            #expect(requests.count == 1, "\(requests)")
            #expect(requests.first?["traceId"] == "0af7651916cd43dd8448eb211c80319c")
            #expect(requests.first?["parentSpanId"] == "b7ad6b7169203331")
            #expect(requests.first?["kind"] == 2)
            // An export is not traced: it would give the next one something to say for ever.
            #expect(!spans.contains { $0["name"] == "POST" } && collector.requests.count < 5)
        }

        @Test("a collector that is not there costs spans, which are counted, and nothing else")
        func noCollector() async throws {
            let server = try await Server.serve(
                repository, environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"])
            #expect(try await server.site("hello").get("/hello").status == 200)
            try await server.eventually("the loss to be counted") {
                let text = try await server.controller("/metrics").text
                return (text.contains(/gatewright_telemetry_spans_dropped_total [1-9]/), text)
            }
        }
    }
}
