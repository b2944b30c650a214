import Bytes
import Testing

@Suite("Bytes")
struct BytesTests {
    /// RFC 4648, section 10.
    @Test(
        "the vectors of RFC 4648 go both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, coded: String) {
        #expect(Base64.text(of: Array(plain.utf8)) == coded)
        for form in [Base64.Form.strict, .unpadded, .lenient] {
            #expect(Base64.decoded(coded, form) == Array(plain.utf8))
        }
        let bare = coded.prefix { $0 != "=" }
        for form in [Base64.Form.url, .unpadded, .lenient] {
            #expect(Base64.decoded(bare, form) == Array(plain.utf8))
        }
    }

    @Test("each byte comes back, at each place of a group")
    func everyByte() {
        for lead in 0..<3 {
            let bytes = [UInt8](repeating: 0xA5, count: lead) + Array(UInt8.min...UInt8.max)
            #expect(Base64.decoded(Base64.encoded(bytes)) == bytes)
        }
    }

    @Test(
        "what is not Base64 of a form is refused",
        arguments: [
            ("A", Base64.Form.lenient), ("AAAAA", .unpadded), ("Zg=", .strict), ("Zg=", .unpadded), ("Zg", .strict),
            ("Zh==", .strict), ("Zg===", .unpadded), ("Z=g=", .lenient), ("=Zg=", .strict), ("Zm 9v", .unpadded),
            ("Zm9v\n", .strict), ("\nZm9v", .unpadded), ("Zg==", .url), ("+/+/", .url), ("-_-_", .strict),
            ("-_-_", .unpadded), ("Zm9\u{0}", .lenient), ("Zm9é", .lenient), ("====", .strict),
        ])
    func refused(text: String, form: Base64.Form) {
        #expect(Base64.decoded(text, form) == nil)
    }

    @Test("the URL form has its own two digits, the lenient form all four")
    func alphabets() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xFF]
        #expect(Base64.text(of: bytes) == "++//")
        #expect(Base64.decoded("--__", .url) == bytes)
        #expect(Base64.decoded("+-/_", .lenient) == bytes)
        #expect(Base64.decoded(" Zm\n9v\t", .lenient) == Array("foo".utf8))
        #expect(Base64.decoded("Zm9v\r\n", .unpadded) == Array("foo".utf8))
    }

    /// The FNV authors' vectors of 64-bit FNV-1a.
    @Test(
        "hashes are those of FNV-1a",
        arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func hashes(text: String, expected: String) {
        #expect(StableHash(of: text.utf8).text == expected)
        var inPieces = StableHash()
        for byte in text.utf8 { inPieces.combine([byte]) }
        #expect(inPieces.value == StableHash(of: text.utf8).value)
    }
}
