import Diagnostics
import JSON
import Synchronization
import Testing

@testable import DataPlane

@Suite("API keys")
struct APIKeyTests {
    private static let value = "a-key-of-twenty-letters"

    private struct Trial {
        let keys = APIKeyRegistry()
        let exchange: ExchangeTrial

        init(source: String = "HEADER") throws {
            var definition = StageDefinition.testing([
                try Route.marked("GET", "/pets/{id}").needingKey(), try Route.marked("GET", "/free"),
                try Route.marked("ANY", "/").needingKey(),
            ])
            definition.apiKeySource = source
            exchange = ExchangeTrial(definition, keys: keys)
        }

        /// - Returns: Status and error type.
        func send(
            _ path: String = "/pets/1", _ value: String? = APIKeyTests.value, header: String = "x-api-key"
        ) throws -> String {
            let headers = value.map { [(header, $0)] } ?? []
            let answer = try exchange.answer("GET", path, headers: headers)
            return "\(answer.status) \(answer.headers.first("x-amzn-ErrorType") ?? "")"
        }
    }

    private static func table(
        _ throttle: APIKeyTable.Throttle? = nil, _ quota: APIKeyTable.Quota? = nil, isEnabled: Bool = true,
        stage: String = "test", methods: [String: APIKeyTable.Throttle] = [:]
    ) -> APIKeyTable {
        APIKeyTable(
            keys: [APIKeyTable.Key(id: "k", value: value, isEnabled: isEnabled)],
            plans: [
                APIKeyTable.Plan(
                    id: "p", stages: [APIKeyTable.Stage(apiID: "abc123", stageName: stage, methods: methods)],
                    throttle: throttle, quota: quota, keys: ["k"])
            ])
    }

    @Test("a route that needs a key serves nobody until a plan of its stage has an enabled key")
    func admission() throws {
        let trial = try Trial()
        #expect(trial.exchange.snapshot.problems.isEmpty)
        #expect(try trial.send() == "403 ForbiddenException")
        #expect(try trial.send("/free", nil) == "200 ")
        trial.keys.publish(Self.table())
        #expect(try trial.send() == "200 ")
        #expect(try trial.send("/", header: "X-API-Key") == "200 ")
        #expect(try trial.send("/pets/1", nil) == "403 ForbiddenException")
        #expect(try trial.send("/pets/1", "") == "403 ForbiddenException")
        #expect(try trial.send("/pets/1", Self.value + " ") == "403 ForbiddenException")
        #expect(try trial.send("/pets/1", Self.value.uppercased()) == "403 ForbiddenException")
        trial.keys.publish(Self.table(stage: "other"))
        #expect(try trial.send() == "403 ForbiddenException")
        trial.keys.publish(Self.table(isEnabled: false))
        #expect(try trial.send() == "403 ForbiddenException")
        trial.keys.publish(Self.table())
        #expect(try trial.send() == "200 ")
        trial.keys.publish(APIKeyTable())
        #expect(try trial.send() == "403 ForbiddenException")
        let refused = try trial.exchange.answer("GET", "/pets/1")
        #expect(refused.text == #"{"message":"Forbidden"}"#)
        #expect(refused.error?.type == .invalidAPIKey)
    }

    @Test("a key that an authorizer would have to give opens nothing, and is named as a problem")
    func authorizerSource() throws {
        let trial = try Trial(source: "AUTHORIZER")
        trial.keys.publish(Self.table())
        #expect(try trial.send() == "500 InternalServerErrorException")
        #expect(try trial.send("/free", nil) == "200 ")
        #expect(
            trial.exchange.snapshot.problems.map(\.code)
                == Array(repeating: "data-plane.authorization-not-enforceable", count: 2))
    }

    @Test("a plan's throttle is each key's own, its methods' limits are counted apart, and refusals spend no quota")
    func throttle() throws {
        let trial = try Trial()
        let two = APIKeyTable.Throttle(rate: 0, burst: 2)
        var table = Self.table(
            two, APIKeyTable.Quota(limit: 100, period: .day, offset: 0),
            methods: ["pets/{id}/GET": APIKeyTable.Throttle(rate: 0, burst: 3)])
        table.keys.append(APIKeyTable.Key(id: "other", value: "another-key-of-its-own", isEnabled: true))
        table.plans[0].keys.append("other")
        trial.keys.publish(table)
        func served(_ path: String, _ value: String = Self.value) throws -> Int {
            try (0..<5).filter { _ in try trial.send(path, value) == "200 " }.count
        }
        #expect(try served("/pets/1") == 3)
        #expect(try served("/") == 2)
        #expect(try served("/", "another-key-of-its-own") == 2)
        #expect(try trial.send("/") == "429 TooManyRequestsException")
        #expect(trial.keys.ledger(planID: "p", keyID: "k").used == 5)
        // The same limits go on where they are; others begin anew.
        trial.keys.publish(table)
        #expect(try served("/") == 0)
        table.plans[0].throttle = APIKeyTable.Throttle(rate: 0, burst: 1)
        trial.keys.publish(table)
        #expect(try served("/") == 1)
        table.plans[0].throttle = APIKeyTable.Throttle(rate: nil, burst: 1)
        trial.keys.publish(table)
        #expect(try served("/") == 5)
    }

    @Test("a spent quota refuses, in the words of the service, until more is granted")
    func quota() throws {
        let trial = try Trial()
        let quota = APIKeyTable.Quota(limit: 2, period: .month, offset: 0)
        trial.keys.publish(Self.table(nil, quota))
        #expect(try trial.send() == "200 ")
        #expect(try trial.send("/") == "200 ")
        #expect(try trial.send() == "429 LimitExceededException")
        let refused = try trial.exchange.answer("GET", "/pets/1", headers: [("x-api-key", Self.value)])
        #expect(refused.text == #"{"message":"Limit Exceeded"}"#)
        #expect(refused.error?.type == .quotaExceeded)
        let day = KeySpending.day(ExchangeTrial.identity.milliseconds)
        trial.keys.setRemaining(1, planID: "p", keyID: "k", on: day, quota)
        #expect(try trial.send() == "200 ")
        #expect(try trial.send() == "429 LimitExceededException")
        #expect(trial.keys.ledger(planID: "p", keyID: "k").report(on: day, quota) == (3, 0))
    }

    @Test("what was counted is given once, and again when it could not be kept; a new registry goes on from it")
    func changes() throws {
        let trial = try Trial()
        let quota = APIKeyTable.Quota(limit: 3, period: .day, offset: 0)
        trial.keys.publish(Self.table(nil, quota))
        #expect(!trial.keys.hasChanges)
        _ = try trial.send()
        _ = try trial.send()
        #expect(trial.keys.hasChanges)
        let changes = trial.keys.takeChanges()
        #expect(changes.map(\.ledger.used) == [2])
        #expect(trial.keys.takeChanges().isEmpty)
        trial.keys.returnChanges(changes)
        #expect(trial.keys.takeChanges() == changes)
        let next = try Trial()
        next.keys.publish(Self.table(nil, quota), usage: changes)
        #expect(try next.send() == "200 ")
        #expect(try next.send() == "429 LimitExceededException")
    }

    @Test("the first use of a while is told, later ones are not")
    func told() throws {
        let trial = try Trial()
        trial.keys.publish(Self.table())
        let told = Counter()
        trial.keys.onUse { told.add() }
        _ = try trial.send()
        _ = try trial.send()
        #expect(told.value == 1)
        _ = trial.keys.takeChanges()
        _ = try trial.send()
        #expect(told.value == 2)
    }

    @Test("templates see the key and its id, and nothing where no key is asked for")
    func context() throws {
        let keys = APIKeyRegistry()
        keys.publish(Self.table())
        func route(_ path: String) throws -> Route {
            try Route(
                "GET", path,
                #"""
                {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                 "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"application/json":
                 "$context.identity.apiKeyId/$context.identity.apiKey"}}}}
                """#)
        }
        let trial = ExchangeTrial(.testing([try route("/key").needingKey(), try route("/free")]), keys: keys)
        let headers = [("x-api-key", Self.value)]
        #expect(try trial.answer("GET", "/key", headers: headers).text == "k/\(Self.value)")
        #expect(try trial.answer("GET", "/free", headers: headers).text == "/")
    }

    @Test(
        "a period begins on its day",
        arguments: [
            // 2026-11-22 is a Sunday.
            (APIKeyTable.Quota.Period.day, 0, "2026-11-22", "2026-11-22"), (.week, 0, "2026-11-22", "2026-11-22"),
            (.week, 0, "2026-11-28", "2026-11-22"), (.week, 1, "2026-11-22", "2026-11-16"),
            (.week, 6, "2026-11-21", "2026-11-21"), (.month, 0, "2026-11-01", "2026-11-01"),
            (.month, 0, "2026-11-30", "2026-11-01"), (.month, 27, "2026-03-27", "2026-02-28"),
            (.month, 27, "2026-03-28", "2026-03-28"), (.month, 4, "2026-01-02", "2025-12-05"),
            (.week, 3, "1969-12-31", "1969-12-31"), (.week, 0, "1969-12-31", "1969-12-28"),
        ])
    func periods(_ period: APIKeyTable.Quota.Period, _ offset: Int, _ day: String, _ start: String) throws {
        let quota = APIKeyTable.Quota(limit: 1, period: period, offset: offset)
        let number = try #require(CivilDate(text: day)).daysSince1970
        #expect(CivilDate(daysSince1970: quota.periodStart(of: number)).text == start)
    }

    @Test("a ledger counts by day and period, fills days without requests, and keeps so many days")
    func ledger() throws {
        let quota = APIKeyTable.Quota(limit: 5, period: .week, offset: 0)
        let sunday = try #require(CivilDate(text: "2026-11-22")).daysSince1970
        var ledger = UsageLedger()
        func take(_ day: Int) -> Bool { ledger.take(on: day, quota) }
        for day in [sunday, sunday, sunday + 2] { #expect(take(day)) }
        #expect((sunday - 1...sunday + 7).map { ledger.report(on: $0, quota).used } == [0, 2, 0, 1, 0, 0, 0, 0, 0])
        #expect(
            (sunday - 1...sunday + 7).map { ledger.report(on: $0, quota).remaining } == [5, 3, 3, 2, 2, 2, 2, 2, 5])
        // A clock that goes back counts into the newest day.
        #expect(take(sunday))
        #expect(ledger.report(on: sunday + 2, quota) == (2, 1))
        #expect(take(sunday + 6))
        #expect(!take(sunday + 6))
        #expect(take(sunday + 7))
        for day in 0..<1000 { _ = ledger.take(on: sunday + 10 + day, nil) }
        #expect(ledger.days.count == 400)
        #expect(ledger.report(on: sunday + 10 + 999, nil) == (1, nil))
    }
}

extension Route {
    func needingKey() -> Route {
        var route = self
        var document = document.object ?? [:]
        document["apiKeyRequired"] = true
        route.document = .object(document)
        return route
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
