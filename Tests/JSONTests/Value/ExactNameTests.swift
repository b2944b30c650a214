import JSON
import Testing

@Suite("names compared by their bytes")
struct ExactNameTests {
    @Test("a name equals its copy and no name that differs in one byte, at any length")
    func oneByte() {
        for length in 0...70 {
            let bytes = (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            let name = String(decoding: bytes, as: UTF8.self)
            #expect(name.isExactly(String(decoding: bytes, as: UTF8.self)))
            #expect(!name.isExactly(name + "a"))
            for position in 0..<length {
                var changed = bytes
                changed[position] = UInt8(ascii: "-")
                #expect(!name.isExactly(String(decoding: changed, as: UTF8.self)), "byte \(position) of \(length)")
            }
        }
    }

    @Test("two ways of composing an accent are two names")
    func accents() {
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        #expect(composed == decomposed)
        #expect(!composed.isExactly(decomposed))
        #expect(Set([ExactName(composed), ExactName(decomposed)]).count == 2)
    }

    @Test("part of a longer text is equal to the same text by itself")
    func substrings() {
        let long = "the quick brown fox jumps over the lazy dog"
        #expect(String(long.dropFirst(4).prefix(36)).isExactly("quick brown fox jumps over the lazy "))
    }
}
