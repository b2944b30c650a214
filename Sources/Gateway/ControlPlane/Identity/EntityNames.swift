import Diagnostics

/// Ids, and how moments are written.
enum EntityNames {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// 21 characters; access keys have 20.
    static func id(_ kind: EntityKind) -> String {
        kind.idPrefix + random(kind == .accessKey ? 16 : 21 - kind.idPrefix.utf8.count)
    }

    static func random(_ count: Int, of letters: [UInt8] = letters) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] },
            as: UTF8.self)
    }

    /// 40 characters, as the service's own secrets.
    static func secret() -> String {
        random(40, of: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8))
    }

    /// `2026-01-01T00:00:00Z`
    static func timestamp(_ seconds: Int) -> String {
        let day = seconds.flooredQuotient(by: 86_400)
        let rest = seconds - day * 86_400
        let parts = [rest / 3600, rest / 60 % 60, rest % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(CivilDate(daysSince1970: day).text)T\(parts.joined(separator: ":"))Z"
    }
}

extension Int {
    fileprivate func flooredQuotient(by divisor: Int) -> Int {
        self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
    }
}
