import JSON
import Testing

@testable import AWSProvider

@Suite struct PatchOperationsTests {
    static func lines(_ patch: PatchOperations) -> [String] {
        patch.operations.map { operation in
            let value = operation["value"]?.string.map { " = \($0)" } ?? ""
            return "\(operation["op"]?.string ?? "?") \(operation["path"]?.string ?? "?")\(value)"
        }
    }

    @Test("nothing to do is an empty patch")
    func empty() {
        #expect(PatchOperations.restAPI(from: ["name": "a"], to: ["name": "a"]).isEmpty)
        #expect(PatchOperations.stage(from: [:], to: [:], deploymentID: nil).isEmpty)
    }

    @Test("a media type's slash is escaped, and what is left out goes back to the service's default")
    func restAPI() {
        let patch = PatchOperations.restAPI(
            from: [
                "name": "a", "binaryMediaTypes": ["image/png"], "minimumCompressionSize": 10,
                "disableExecuteApiEndpoint": true, "endpointConfiguration": ["types": ["EDGE"]],
            ],
            to: ["name": "b", "binaryMediaTypes": ["a~b/c"], "endpointConfiguration": ["types": ["REGIONAL"]]])
        #expect(
            Self.lines(patch) == [
                "replace /name = b", "replace /disableExecuteApiEndpoint = false",
                "replace /minimumCompressionSize = ", "remove /binaryMediaTypes/image~1png",
                "add /binaryMediaTypes/a~0b~1c", "replace /endpointConfiguration/types/EDGE = REGIONAL",
            ])
    }

    @Test("a stage flips after its variables, and every setting of an entry is written out")
    func stage() {
        let patch = PatchOperations.stage(
            from: ["variables": ["old": "1", "tier": "a"], "deployment": "x"],
            to: [
                "variables": ["tier": "b"], "deployment": "y",
                "methodSettings": ["pets/GET": ["throttlingRateLimit": 100]],
            ], deploymentID: "d2")
        let lines = Self.lines(patch)
        #expect(lines.prefix(2) == ["remove /variables/old", "replace /variables/tier = b"])
        #expect(lines.contains("replace /pets/GET/throttling/rateLimit = 100"))
        #expect(lines.contains("replace /pets/GET/throttling/burstLimit = 5000"))
        // Set before, or taken over from the entry for all methods, it would stay.
        #expect(lines.contains { $0.contains("loglevel") && $0.contains("OFF") })
        #expect(lines.last == "replace /deploymentId = d2")
    }
}
