import Testing

@testable import DataPlane

@Suite("The health of a link's targets")
struct TargetHealthTests {
    private static func check(_ healthy: Int = 2, _ unhealthy: Int = 3) -> TargetCheck {
        var check = TargetCheck()
        (check.healthyThreshold, check.unhealthyThreshold) = (healthy, unhealthy)
        return check
    }

    private static func checked(_ health: inout TargetHealth, _ passed: Bool) -> Bool {
        health.checked(passed: passed, by: check())
    }

    private static func served(_ health: inout TargetHealth, _ answered: Bool) -> Bool {
        health.served(answered, by: check())
    }

    @Test("the first check decides alone, those after it only in a row")
    func first() {
        var health = TargetHealth()
        #expect(health.isHealthy)
        #expect(Self.checked(&health, false) == true && !health.isHealthy)
        #expect(Self.checked(&health, true) == false && !health.isHealthy)
        #expect(Self.checked(&health, true) == true && health.isHealthy)
    }

    @Test("one that flaps faster than its thresholds stays what it is")
    func flapping() {
        var health = TargetHealth()
        _ = health.checked(passed: true, by: Self.check())
        for _ in 0..<10 {
            #expect(Self.checked(&health, false) == false)
            #expect(Self.checked(&health, false) == false)
            #expect(Self.checked(&health, true) == false)
        }
        #expect(health.isHealthy)
        for _ in 0..<3 { _ = health.checked(passed: false, by: Self.check()) }
        for _ in 0..<10 {
            #expect(Self.checked(&health, true) == false)
            #expect(Self.checked(&health, false) == false)
        }
        #expect(!health.isHealthy)
    }

    @Test("requests that fail in a row take it out, and an answer never brings it back")
    func served() {
        var health = TargetHealth()
        _ = health.checked(passed: true, by: Self.check())
        for answered in [false, false, true, false, false] {
            #expect(Self.served(&health, answered) == false)
        }
        #expect(Self.served(&health, false) == true && !health.isHealthy)
        for _ in 0..<10 { #expect(Self.served(&health, true) == false) }
        #expect(!health.isHealthy)
    }

    @Test("equal targets take turns, and the one with fewer requests outstanding is next")
    func turns() throws {
        let group = TargetGroup("arn", LinkTargets(["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]))
        let ports = try (0..<6).map { _ in try #require(group.next(besides: [])).origin.port }
        #expect(ports == [1, 2, 3, 1, 2, 3])
        group.targets[0].enter()
        group.targets[2].enter()
        for _ in 0..<3 { #expect(group.next(besides: [])?.origin.port == 2) }
        #expect(group.next(besides: [group.targets[1]])?.origin.port != 2)
        group.targets[0].leave()
        group.targets[2].leave()
        _ = group.targets[1].checked(passed: false)
        for _ in 0..<6 { #expect(group.next(besides: [])?.origin.port != 2) }
        #expect(group.next(besides: group.targets) == nil)
    }

    @Test(
        "a certificate's name is the host's, or has a star for its first label",
        arguments: [
            ("api.example.com", "API.example.com", true), ("api.example.com.", "api.example.com", true),
            ("*.example.com", "api.example.com", true), ("*.example.com", "example.com", false),
            ("*.example.com", "a.b.example.com", false), ("*.com", "example.com", false), ("*", "localhost", false),
            ("a*.example.com", "ab.example.com", false), ("api.example.com", "api.example.org", false),
        ])
    func names(_ pattern: String, _ host: String, _ isMatch: Bool) {
        #expect(CertificateName.matches(pattern, host) == isMatch)
    }

    @Test(
        "an address of a target has a host and a port",
        arguments: [
            ("10.0.0.1:80", true), ("api.internal:8443", true), ("[::1]:80", true), ("10.0.0.1", false), (":80", false),
            ("10.0.0.1:0", false), ("10.0.0.1:65536", false), ("[::1]", false), ("a b:80", false), ("", false),
            ("http://a:80", false), ("a:80/x", false),
        ])
    func addresses(_ text: String, _ isAddress: Bool) { #expect(LinkTargets.isAddress(text) == isAddress) }
}
