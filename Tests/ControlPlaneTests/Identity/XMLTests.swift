import Crypto
import FoundationEssentials
import Testing

@testable import ControlPlane

@Suite struct XMLTests {
    @Test(
        "what is no document, or has what is not taken, is refused",
        arguments: [
            "", " ", "a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b></a>", "<a b=c/>", "<a b='1' b='2'/>",
            "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>", "<a b='<'/>", "<a b='1'c='2'/>", "<x:a/>", "<a x:b='1'/>",
            "<a xmlns:x=''/>", "<a xmlns:xml='u'/>", "<a xmlns='u' xmlns='v'/>", "<a>&b;</a>", "<a>&#0;</a>",
            "<a>&#xD800;</a>", "<a>&#99999999999;</a>", "<a>&#+65;</a>", "<a>&amp</a>", "<a>]]></a>", "<a>\u{1}</a>",
            "<a><!-- -- --></a>", "<a><!-- </a>", "<a><![CDATA[</a>", "<a><?b?></a>", "<?b?><a/>",
            "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a:b:c/>", "<1a/>", "<:a/>", "< a/>",
            "<?xml version='1.0' encoding='UTF-16'?><a/>", "<a", "<a b='", "<a/", "<a></a",
        ])
    func refused(_ text: String) {
        #expect(throws: XMLReader.Problem.self) { try XMLReader.read(Array(text.utf8)) }
    }

    @Test("elements inside each other and beside each other have a limit, and bytes are UTF-8")
    func limits() throws {
        func nested(_ count: Int) -> [UInt8] {
            Array((String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)).utf8)
        }
        _ = try XMLReader.read(nested(64))
        #expect(throws: XMLReader.Problem.self) { try XMLReader.read(nested(65)) }
        #expect(throws: XMLReader.Problem.self) { try XMLReader.read(nested(100_000)) }
        func wide(_ count: Int) -> [UInt8] { Array("<a>\(String(repeating: "<b/>", count: count))</a>".utf8) }
        _ = try XMLReader.read(wide(9_999))
        #expect(throws: XMLReader.Problem.self) { try XMLReader.read(wide(10_000)) }
        #expect(throws: XMLReader.Problem.self) { try XMLReader.read(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) }
    }

    @Test("names have the namespaces that are in scope, and texts are whole")
    func reading() throws {
        let root = try XMLReader.read(
            Array(
                """
                \u{FEFF}<?xml version="1.0"?><!-- x --><a xmlns="u" xmlns:p="v" p:c="1" c="2&#10;\t&lt;">
                <p:b>one<!-- two -->three<![CDATA[<&]]>&#x41;\r\n</p:b><d xmlns="">x</d></a>
                """.utf8))
        #expect(root.name == .init(namespace: "u", local: "a"))
        #expect(root.attributes.map(\.name) == [.init(namespace: "v", local: "c"), .init(namespace: "", local: "c")])
        #expect(root.attribute("c") == "2\n <")
        #expect(root.only("v", "b")?.text == "onethree<&A")
        #expect(root.only("", "d")?.text == "x")
        #expect(root.text == nil)
        #expect(root.all.map(\.number) == [1, 2, 3])
    }

    private static let documents = [
        "<a/>", "<a><b/></a>", "<a  c='1'   b='2' ><!-- x -->t&amp;&lt;&gt;&quot;'\"&#13;\r\n</a >",
        "<a b=\"&#9;&#10;&#13;&quot;'&amp;&lt;>\t\">\t</a>", "<a xmlns='u'><b xmlns='v'><c xmlns=''/></b></a>",
        "<p:a xmlns:p='u' xmlns:q='v'><q:b q:z='1' a='2' p:y='3'/><p:c/></p:a>",
        "<a xmlns:q='v' xmlns:r='w'><b r:x='1' q:x='2' x='3'/></a>",
        "<a xmlns:q='v'><q:b xmlns:q='w'><q:c xmlns:q='w'/><q:d xmlns:q='v'/></q:b></a>",
        "<a xml:lang='de' b='ü€😀'><![CDATA[<x>&]]></a>",
        "<p:a xmlns:p='u'><b><p:c/></b><p:d/></p:a>", "<a b='1' B='2' ä='3' _='4'/>",
    ]

    @Test(
        "an element is canonical as another program has it", .enabled(if: Client.hasBoto3, "python3 is not installed"),
        arguments: documents)
    func canonical(_ text: String) async throws {
        let found = String(decoding: CanonicalXML.bytes(try XMLReader.read(Array(text.utf8))), as: UTF8.self)
        // Base64, since arguments of programs are lines.
        let done = try await Client.run(
            "python3", "-c",
            """
            import base64, sys, xml.etree.ElementTree as tree
            text = base64.b64decode(sys.argv[1]).decode()
            print(base64.b64encode(tree.canonicalize(text).encode()).decode())
            """, Data(text.utf8).base64EncodedString())
        let bytes = Data(base64Encoded: done.output.filter { $0 != "\n" })
        let expected = bytes.map { String(decoding: $0, as: UTF8.self) }
        #expect(found == expected, "\(done.output)")
    }

    @Test("of a part, what is used is declared; reading the canonical form again gives the same")
    func parts() throws {
        let root = try XMLReader.read(
            Array("<p:a xmlns:p='u' xmlns:q='v' xmlns='w'><b><q:c d='1'/></b><p:e/></p:a>".utf8))
        let part = try #require(root.only("w", "b"))
        #expect(
            String(decoding: CanonicalXML.bytes(part), as: UTF8.self)
                == #"<b xmlns="w"><q:c xmlns:q="v" d="1"></q:c></b>"#)
        #expect(
            String(decoding: CanonicalXML.bytes(part, prefixes: ["p"]), as: UTF8.self)
                == #"<b xmlns="w" xmlns:p="u"><q:c xmlns:q="v" d="1"></q:c></b>"#)
        #expect(String(decoding: CanonicalXML.bytes(part, without: 3), as: UTF8.self) == #"<b xmlns="w"></b>"#)
        // The other program has one prefix for a namespace.
        for text in Self.documents + ["<a xmlns=\"u\"><p:b xmlns:p=\"u\"><c></c></p:b></a>"] {
            let once = CanonicalXML.bytes(try XMLReader.read(Array(text.utf8)))
            #expect(CanonicalXML.bytes(try XMLReader.read(once)) == once)
        }
    }

    @Test("times are UTC and there is no other form of them")
    func times() {
        #expect(SAMLTime.seconds("2026-01-01T00:00:00Z") == 1_767_225_600)
        #expect(SAMLTime.seconds("2026-01-01T00:00:00.999Z") == 1_767_225_600)
        for text in [
            "", "Z", "2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00+00:00", "2026-01-01T00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T+1:00:00Z",
        ] {
            #expect(SAMLTime.seconds(text) == nil, "\(text)")
        }
    }

    @Test("a public key is found in a certificate, and bytes that are none end nothing")
    func certificates() throws {
        let made = try SelfSignedCertificate(commonName: "x", from: 1_767_225_600, until: 1_867_225_600)
        let digits = made.pem.split(separator: "\n").dropFirst().dropLast().joined()
        let bytes = try #require(Data(base64Encoded: digits))
        let key = try #require(CertificateKey.bytes(ofCertificate: Array(bytes)))
        let own = try P256.Signing.PrivateKey(pemRepresentation: made.privateKeyPEM).publicKey
        #expect(try P256.Signing.PublicKey(derRepresentation: key).rawRepresentation == own.rawRepresentation)
        for end in 0..<bytes.count { #expect(CertificateKey.bytes(ofCertificate: Array(bytes.prefix(end))) == nil) }
        for bytes: [UInt8] in [[0x30, 0x80], [0x30, 0x84, 1, 2, 3, 4], [0x30, 2, 0x30, 9], [0x30, 3, 0x30, 1, 2]] {
            #expect(CertificateKey.bytes(ofCertificate: bytes) == nil)
        }
    }
}
