import Testing

@testable import AWSProvider

@Suite("XML that services answer with")
struct XMLReaderTests {
    private func read(_ text: String) throws(XMLProblem) -> XMLElement { try XMLReader.document(Array(text.utf8)) }

    @Test("a reply of IAM gives its elements, lists and texts")
    func reply() throws {
        let root = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- one page -->
            <ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
              <ListRolesResult><IsTruncated>false</IsTruncated><Roles>
                <member><RoleName>a&amp;b</RoleName><Description/></member>
                <member><RoleName><![CDATA[<c>]]></RoleName></member>
              </Roles></ListRolesResult>
            </ListRolesResponse>
            """)
        #expect(root.name == "ListRolesResponse" && root.text.isEmpty)
        let result = try #require(root["ListRolesResult"])
        #expect(result.text("IsTruncated") == "false")
        #expect(result.members("Roles").map { $0.text("RoleName") } == ["a&b", "<c>"])
        #expect(result.members("Roles")[0].text("Description")?.isEmpty == true)
        #expect(result.text("Marker") == nil && result.members("Users").isEmpty)
        #expect(root.first("Description")?.name == "Description" && root.first("Nothing") == nil)
    }

    @Test("prefixes, attributes and instructions are read and dropped")
    func dropped() throws {
        let root = try read("<?xml version='1.0'?><?style a b?><a:b xmlns:a='x' c=\"&lt;1&gt;\" ><a:d>1</a:d></a:b >")
        #expect(root == XMLElement("b", children: [XMLElement("d", text: "1")]))
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
        #expect(try XMLReader.document([0xEF, 0xBB, 0xBF] + Array("<a/>".utf8)) == XMLElement("a"))
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
            "{\"a\": 1}",
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
        #expect(throws: XMLProblem.self) { try XMLReader.document(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) }
    }

    @Test("elements nest to the limit and no deeper")
    func depth() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
        }
        #expect(try read(nested(Limits.xmlDepthMax)).name == "a")
        #expect(throws: XMLProblem.self) { try read(nested(Limits.xmlDepthMax + 1)) }
        #expect(throws: XMLProblem.self) { try read(nested(100_000)) }
    }

    @Test("broken in any one place, a reply is read or refused, and never more", arguments: 0..<40)
    func broken(_ seed: Int) throws {
        var numbers = Numbers(seed: seed)
        let whole = Array(
            """
            <?xml version="1.0"?><E xmlns="urn:x"><Error><Type>Sender</Type><Code>No&#x53;uch</Code>\
            <Message><![CDATA[<>]]>&amp;</Message></Error><!-- c --><R a='1'/></E>
            """.utf8)
        #expect(try XMLReader.document(whole)["Error"]?.text("Code") == "NoSuch")
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
            do { _ = try XMLReader.document(bytes) } catch let problem { #expect(problem.offset <= bytes.count) }
        }
        for end in whole.indices { #expect(throws: XMLProblem.self) { try XMLReader.document(Array(whole[..<end])) } }
    }
}
