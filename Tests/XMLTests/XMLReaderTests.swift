import Seeds
import Testing
import XML

@Suite struct XMLReaderTests {
    private static let rules = XMLRules(bytesMax: 1_000_000, elementsMax: 10_000, depthMax: 64, takesInstructions: true)

    private func read(_ bytes: [UInt8]) throws(XMLProblem) -> XMLElement { try XMLReader.read(bytes, Self.rules) }
    private func read(_ text: String) throws(XMLProblem) -> XMLElement { try read(Array(text.utf8)) }

    @Test("names have the namespaces that are in scope, and texts are whole")
    func reading() throws {
        let root = try read(
            """
            \u{FEFF}<?xml version="1.0"?><!-- x --><a xmlns="u" xmlns:p="v" p:c="1" c="2&#10;\t&lt;">
            <p:b>one<!-- two -->three<![CDATA[<&]]>&#x41;\r\n</p:b><d xmlns="">x</d></a>
            """)
        #expect(root.name == .init(namespace: "u", local: "a"))
        #expect(root.attributes.map(\.name) == [.init(namespace: "v", local: "c"), .init(namespace: "", local: "c")])
        #expect(root.attribute("c") == "2\n <")
        #expect(root.only("v", "b")?.trimmedText == "onethree<&A")
        #expect(root.only("", "d")?.text == "x")
        #expect(root.text == nil)
        #expect(root.all.map(\.number) == [1, 2, 3])
    }

    @Test("a document has a limit of bytes and of elements")
    func limits() throws {
        func wide(_ count: Int) -> String { "<a>\(String(repeating: "<b/>", count: count))</a>" }
        _ = try read(wide(9_999))
        #expect(throws: XMLProblem.self) { try read(wide(10_000)) }
        let long = "<a>\(String(repeating: "b", count: Self.rules.bytesMax - 7))</a>"
        _ = try read(long)
        #expect(throws: XMLProblem.self) { try read(long + " ") }
    }

    @Test(
        "instructions are refused where the rules do not take them",
        arguments: ["<?b?><a/>", "<a><?b?></a>", "<a/><?b?>"])
    func instructions(_ text: String) throws {
        _ = try read(text)
        var rules = Self.rules
        rules.takesInstructions = false
        #expect(throws: XMLProblem.self) { try XMLReader.read(Array(text.utf8), rules) }
    }

    @Test(
        "entities and character references become what they stand for",
        arguments: [
            ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"), ("&#65;&#x41;&#x1F600;", "AA😀"), ("&#9;&#10;&#13;", "\t\n\r"),
            ("a\r\nb\rc", "a\nb\nc"), ("Ü€😀", "Ü€😀"), ("a<!-- b -->c<?d?>e", "ace"), ("&amp;lt;", "&lt;"),
            ("]] ]>", "]] ]>"),
        ])
    func texts(_ written: String, _ meant: String) throws {
        #expect(try read("<a>\(written)</a>").text == meant)
    }

    @Test("a byte order mark is skipped")
    func mark() throws {
        #expect(try read([0xEF, 0xBB, 0xBF] + Array("<a/>".utf8)).name.local == "a")
    }

    @Test(
        "what is not one well-formed document is refused",
        arguments: [
            "", " ", "a", "<", "<a", "<a>", "<a></b>", "<a/><b/>", "<a/>b", "a<b/>", "<a><b></a></b>", "</a>", "<a b/>",
            "<a b=c/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a b='<'/>", "<a b='&x;'/>", "<a b='1/>", "<a>&</a>",
            "<a>&x;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#99999999999999;</a>",
            "<a>&#-1;</a>",
            "<a>&#;</a>", "<a>&#x;</a>", "<a>&amp</a>", "<a>]]></a>", "<a><![CDATA[</a>", "<a><!-- </a>",
            "<a><?xml?></a>",
            "<1/>", "<-a/>", "< a/>", "<a\u{0}/>", "<a>\u{1}</a>", "<a/ >", "<a><!b></a>", "<?xml version='1.0'?>",
            "{\"a\": 1}", "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>", "<x:a/>", "<a x:b='1'/>", "<a xmlns:x=''/>",
            "<a xmlns:xml='u'/>", "<a xmlns='u' xmlns='v'/>", "<a:b:c/>", "<:a/>", "<a>&#+65;</a>",
            "<a><!-- -- --></a>",
            "<?xml version='1.0' encoding='UTF-16'?><a/>", "<a>\u{FFFE}</a>", "<a b='&lt", "<a/", "<a></a",
        ])
    func malformed(_ text: String) {
        #expect(throws: XMLProblem.self) { try read(text) }
    }

    @Test(
        "document types are refused, so nothing can be declared and nothing outside is read",
        arguments: [
            "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
            "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'x'><a/>",
            "<a><!DOCTYPE b></a>", "<a/><!DOCTYPE a>",
        ])
    func types(_ text: String) {
        #expect(throws: XMLProblem.self) { try read(text) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func encoding() {
        #expect(throws: XMLProblem.self) { try read(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) }
    }

    @Test("elements nest to the limit and no deeper")
    func depth() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
        }
        #expect(try read(nested(Self.rules.depthMax)).name.local == "a")
        #expect(throws: XMLProblem.self) { try read(nested(Self.rules.depthMax + 1)) }
        #expect(throws: XMLProblem.self) { try read(nested(100_000)) }
    }

    @Test("broken in any one place, a reply is read or refused, and never more", arguments: 0..<40)
    func broken(_ seed: Int) throws {
        var numbers = SeededGenerator(seed: seed)
        let whole = Array(
            """
            <?xml version="1.0"?><E xmlns="urn:x"><Error><Type>Sender</Type><Code>No&#x53;uch</Code>\
            <Message><![CDATA[<>]]>&amp;</Message></Error><!-- c --><R a='1'/></E>
            """.utf8)
        #expect(try read(whole).all[3].text == "NoSuch")
        let odd = Array("<>/&;'\"=!-[]?x# \u{0}".utf8)
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                let place = Int.random(in: bytes.indices, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes[place] = numbers.pick(odd)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
                }
            }
            do { _ = try read(bytes) } catch let problem { #expect(problem.offset <= bytes.count) }
        }
        for end in whole.indices { #expect(throws: XMLProblem.self) { try read(Array(whole[..<end])) } }
    }
}
