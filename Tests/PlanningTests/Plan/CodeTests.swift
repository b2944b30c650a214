import Diagnostics
import Testing

@testable import Planning

@Suite("Codes")
struct CodeTests {
    @Test("every code is of this target and explained")
    func explained() {
        let all =
            PlanningFailure.Code.allCases.map { ($0.rawValue, $0.explanation) }
            + PlanFinding.allCases.map { ($0.rawValue, $0.explanation) }
        #expect(Set(all.map(\.0)).count == all.count)
        for (code, explanation) in all {
            #expect(code.hasPrefix("planning."))
            for text in [explanation.meaning, explanation.cause, explanation.remedy] {
                #expect(!text.isEmpty && !text.hasSuffix("."), "\(code)")
            }
        }
    }
}
