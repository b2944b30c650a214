import Testing

@testable import Reconciling

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "a moment is written in UTC, also before 1970 and on leap days",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_360_178_120, "2026-11-22T15:09:38.120Z"),
            (4_107_542_399_007, "2100-02-28T23:59:59.007Z"),
        ] as [(Int64, String)])
    func description(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }
}
