import HTTPTypes
import JSON
import Testing

@testable import Forges

@Suite("Replayed webhooks")
struct ReplayTests {
    typealias Sample = DeliveryTests.Sample

    @Test("a delivery is taken once: the same again is answered and does nothing", arguments: Forge.allCases)
    func again(forge: Forge) {
        let desk = WebhookDesk()
        #expect(Sample.push(forge).taken(by: desk).push != nil)
        let again = Sample.push(forge).taken(by: desk)
        #expect(again.status == .ok && again.push == nil && again.document["result"]?.string == "seen already")
    }

    @Test("the same body under another id is the same, and so is another body under the same id")
    func disguised() {
        let desk = WebhookDesk()
        #expect(Sample.push(.github, id: "1").taken(by: desk).push != nil)
        #expect(Sample.push(.github, id: "2").taken(by: desk).push == nil)
        #expect(Sample.push(.github, id: "1", mark: "other").taken(by: desk).push == nil)
        #expect(Sample.push(.github, id: "3", mark: "other").taken(by: desk).push != nil)
        // Another forge has ids of its own.
        #expect(Sample.push(.gitea, id: "1").taken(by: desk).push != nil)
    }

    @Test("what was refused is not remembered")
    func refused() {
        let desk = WebhookDesk()
        var forged = Sample.push(.github)
        forged.set("X-Hub-Signature-256", "sha256=0")
        #expect(forged.taken(by: desk).status == .forbidden)
        #expect(Sample.push(.github).taken(by: desk).push != nil)
    }

    @Test("an id without end is no id, and the body is still known")
    func longID() {
        let desk = WebhookDesk()
        let id = String(repeating: "x", count: Limits.deliveryIDCharactersMax + 1)
        #expect(Sample.push(.github, id: id).taken(by: desk).push != nil)
        #expect(Sample.push(.github, id: id, mark: "2").taken(by: desk).push != nil)
        #expect(Sample.push(.github, id: id, mark: "2").taken(by: desk).push == nil)
    }

    @Test("memory is bounded: the oldest deliveries are forgotten, the newest are not")
    func bounded() {
        var memory = ReplayMemory()
        func delivery(_ number: Int) -> Delivery {
            Delivery(id: "\(number)", bodyHash: "hash \(number)", event: .other("x"))
        }
        func takes(_ number: Int) -> Bool { memory.take(.github, delivery(number)) }
        for number in 0...Limits.deliveriesKept { #expect(takes(number)) }
        #expect(takes(0))
        for number in 2...Limits.deliveriesKept { #expect(!takes(number), "\(number)") }
    }
}
