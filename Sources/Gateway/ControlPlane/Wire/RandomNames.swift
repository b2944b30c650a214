/// Ids that the engine makes.
enum RandomNames {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let digits = Array("0123456789abcdef".utf8)

    /// Lower-case letters and digits; `isFree` is asked until it agrees.
    static func id(length: Int, isFree: (String) -> Bool = { _ in true }) -> String {
        while true {
            let id = String(
                decoding: (0..<length).map { _ in letters[Int.random(in: 0..<letters.count)] }, as: UTF8.self)
            if isFree(id) { return id }
        }
    }

    private static let secretLetters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Letters and digits from the system's secure source.
    static func secret(length: Int) -> String {
        var system = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<length).map { _ in secretLetters[Int.random(in: 0..<secretLetters.count, using: &system)] },
            as: UTF8.self)
    }

    /// In the form of a UUID.
    static func requestID() -> String {
        var random = SystemRandomNumberGenerator()
        var rest = (random.next(), random.next())
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for position in 0..<32 {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(rest.0 & 15)])
            rest.0 >>= 4
            if position == 15 { swap(&rest.0, &rest.1) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
