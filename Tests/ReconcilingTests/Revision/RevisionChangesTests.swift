import JSON
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("What history keeps of a plan")
struct RevisionChangesTests {
    private func plan(_ changes: [Change]) -> Plan {
        Plan(environment: "dev", target: [:], settings: ApplySettings(), changes: changes, digest: "sha256:x")
    }

    private func update(_ name: String, _ after: JSONValue) -> Change {
        Change(
            .update, Address(.restAPI, name), before: ["description": "old"], after: ["description": after],
            visibility: .hidden)
    }

    @Test("an update names its properties, a create and a delete their addresses")
    func lines() throws {
        let changes = RevisionChanges(
            plan([
                Change(.create, Address(.restAPI, "a"), before: nil, after: ["name": "a"], visibility: .hidden),
                update("b", "new"),
                Change(.delete, Address(.restAPI, "c"), before: ["name": "c"], after: nil, visibility: .delete),
            ]))
        #expect(changes.addresses.map(\.name) == ["a", "b", "c"])
        #expect(
            changes.document == [
                "format": "gatewright.changes/v1",
                "changes": [
                    ["action": "create", "address": "RestApi/a", "visibility": "hidden"],
                    [
                        "action": "update", "address": "RestApi/b", "visibility": "hidden",
                        "properties": [["path": "description", "before": "old", "after": "new"]],
                    ],
                    ["action": "delete", "address": "RestApi/c", "visibility": "delete"],
                ],
                "omitted": 0,
            ])
    }

    @Test("a long value is cut, many changes lose their properties, very many are counted")
    func limits() throws {
        let long = RevisionChanges(plan([update("a", .string(String(repeating: "ü", count: 100_000)))]))
        #expect(long.document.bytes(.compact).count < 2 * Limits.changedValueBytesMax)
        let many = RevisionChanges(
            plan((0..<Limits.changesLinesMax + 7).map { update("a\($0)", .string(String(repeating: "x", count: 300))) })
        )
        #expect(many.document["changes"]?.array?.count == Limits.changesLinesMax)
        #expect(many.document["changes"]?.array?.first?["properties"] == nil)
        #expect(many.document["omitted"]?.int == 7)
        #expect(many.addresses.count == Limits.changesLinesMax + 7)
        #expect(many.document.bytes(.compact).count < Limits.changesBytesMax)
    }
}
