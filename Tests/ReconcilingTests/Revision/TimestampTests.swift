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

    @Test(
        "a moment is read with its zone, seconds and fraction as wanted",
        arguments: [
            ("1970-01-01T00:00Z", 0), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2026-11-22T15:09:38.120Z", 1_795_360_178_120), ("2026-11-22T16:09:38.12+01:00", 1_795_360_178_120),
            ("2026-11-22T10:39:38.120999999-04:30", 1_795_360_178_120),
        ] as [(String, Int64)])
    func reading(text: String, milliseconds: Int64) {
        #expect(Timestamp(text: text)?.milliseconds == milliseconds)
    }

    @Test(
        "what is no moment is not read",
        arguments: [
            "", "T", "2026-11-22", "2026-11-22T15:09", "2026-11-22 15:09Z", "2026-13-01T00:00Z", "2026-04-31T00:00Z",
            "2025-02-29T00:00Z", "2026-11-22T24:00Z", "2026-11-22T15:60Z", "2026-11-22T15:09:60Z", "1969-12-31T23:59Z",
            "2026-11-22T15:09:38.Z", "2026-11-22T15:09:38.1234567890Z", "2026-11-22T15:09+1:00",
            "1970-01-01T00:00+01:00",
            "99999-01-01T00:00Z", "2026-11-22T+1:09Z", "２026-11-22T15:09Z", "2026-11-22T15:09:3xZ",
        ])
    func refusals(text: String) {
        #expect(Timestamp(text: text) == nil)
    }
}
