import JSON
import Testing

@testable import DataPlane

@Suite("Throttles")
struct ThrottleTests {
    @Test("a bucket gives its burst at once, then its rate, and never more than its burst")
    func bucket() {
        let bucket = TokenBucket(rate: 10, burst: 3)
        func taken(_ milliseconds: Int64, of tries: Int) -> Int {
            (0..<tries).filter { _ in bucket.take(at: milliseconds) }.count
        }
        #expect(taken(1000, of: 5) == 3)
        #expect(taken(1099, of: 1) == 0)
        #expect(taken(1100, of: 2) == 1)
        #expect(taken(500, of: 1) == 0)
        #expect(taken(1300, of: 5) == 2)
        #expect(taken(60_000, of: 9) == 3)
    }

    @Test("a method's own settings beat those of all methods; without limits nothing is throttled")
    func settings() throws {
        var stage = try StageDefinition.testing([
            Route.marked("GET", "/pets/{id}"), Route.marked("GET", "/other"), Route.marked("POST", "/free"),
            Route.marked("GET", "/"),
        ])
        stage.methodSettings = [
            "*/*": ["throttlingRateLimit": 1, "throttlingBurstLimit": 2],
            "pets~1{id}/GET": ["throttlingRateLimit": 1, "throttlingBurstLimit": 4],
            "free/POST": ["metricsEnabled": true], "~1/GET": ["throttlingRateLimit": 0, "throttlingBurstLimit": 1],
        ]
        let trial = ExchangeTrial(stage)
        func served(_ method: String, _ path: String) throws -> Int {
            try (0..<10).filter { _ in try trial.answer(method, path).status == 200 }.count
        }
        #expect(try served("GET", "/pets/1") == 4)
        #expect(try served("GET", "/other") == 2)
        #expect(try served("POST", "/free") == 10)
        #expect(try served("GET", "/") == 1)
        let refused = try trial.answer("GET", "/other")
        #expect(refused.status == 429)
        #expect(refused.text == #"{"message":"Too Many Requests"}"#)
        #expect(refused.headers.first("x-amzn-ErrorType") == "TooManyRequestsException")
    }
}
