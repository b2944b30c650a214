import Crypto
import FoundationEssentials
import Testing
import XML

@testable import ControlPlane

@Suite struct SAMLTextTests {
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
        let found = String(decoding: CanonicalXML.bytes(try XMLElement.saml(Array(text.utf8))), as: UTF8.self)
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
        let root = try XMLElement.saml(
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
            let once = CanonicalXML.bytes(try XMLElement.saml(Array(text.utf8)))
            #expect(CanonicalXML.bytes(try XMLElement.saml(once)) == once)
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
