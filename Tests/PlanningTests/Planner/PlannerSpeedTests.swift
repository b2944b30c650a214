import Foundation
import JSON
import Resources
import Testing

@testable import Planning

private let isMeasuring = ProcessInfo.processInfo.environment["GATEWRIGHT_BENCHMARKS"] != nil

@Suite(.enabled(if: isMeasuring, "GATEWRIGHT_BENCHMARKS is not set"))
struct PlannerSpeedTests {
    /// Workload: 20 APIs of 500 objects, methods of 10 members with templates; unit: milliseconds; budget: 100.
    @Test("a plan of 10,000 objects with nothing changed takes less than 100 ms")
    func nothingChanged() throws {
        let graph = DesiredGraph.of((0..<20).flatMap { api("api\($0)") })
        let recorded = graph.recorded
        #expect(recorded.count >= 10_000)
        var derive: [Double] = []
        var compare: [Double] = []
        for _ in 0..<9 {
            var derived = graph
            derive.append(cpuMilliseconds { derived = Deployments.derived(in: graph) })
            compare.append(cpuMilliseconds { #expect(Planner.plan(desired: derived, recorded: recorded).isEmpty) })
        }
        let (best, other) = (derive.min() ?? 0, compare.min() ?? 0)
        print("\(recorded.count) objects: derive \(best) ms, compare \(other) ms of CPU, best of \(derive.count)")
        #expect(best + other < 100)
    }

    /// CPU time: it says the same on a busy machine.
    private func cpuMilliseconds(_ work: () -> Void) -> Double {
        let start = clock()
        work()
        return Double(clock() - start) * 1000 / Double(CLOCKS_PER_SEC)
    }

    private func api(_ root: String) -> [DesiredResource] {
        let api = Address(.restAPI, root)
        let methods = (0..<250).flatMap { number -> [DesiredResource] in
            let path = "/things\(number)"
            let resource = Address(.resource, in: root, path)
            return [
                DesiredResource(address: resource, document: [:], dependencies: [api]),
                DesiredResource(
                    address: Address(.method, in: root, "GET \(path)"),
                    document: [
                        "authorizationType": "AWS_IAM", "operationName": .string("getThings\(number)"),
                        "requestParameters": ["method.request.querystring.page": false],
                        "methodResponses": ["200": ["responseModels": ["application/json": "Empty"]], "404": [:]],
                        "integration": [
                            "type": "HTTP", "httpMethod": "GET", "uri": .string("http://backend.test\(path)"),
                            "timeoutInMillis": 5000,
                            "requestTemplates": [
                                "application/json": .string(
                                    String(repeating: "#set($a = $input.path('$'))\n", count: 8))
                            ],
                            "integrationResponses": ["200": [:], "404": ["selectionPattern": "4.."]],
                        ],
                    ], dependencies: [resource]),
            ]
        }
        return [DesiredResource(address: api, document: ["name": .string(root)])] + methods + [
            DesiredResource(address: Address(.stage, in: root, "test"), document: [:], dependencies: [api])
        ]
    }
}
