import Crypto
import CryptoExtras
import FoundationEssentials

@testable import ControlPlane

/// An identity provider that signs what it is told to. Its texts are canonical as they are written here, so that signing
/// them needs nothing of what is tested.
struct SAMLIssuer {
    static let id = "https://idp.example.com/saml"
    static let audience = "https://signin.aws.amazon.com/saml"
    static let provider = "arn:aws:iam::123456789012:saml-provider/corp"

    let key: _RSA.Signing.PrivateKey

    init() throws { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// With a certificate whose own signature nobody looks at.
    var metadata: String {
        let algorithm = DER.sequence(DER.identifier([1, 2, 840, 113549, 1, 1, 11]))
        let name = DER.sequence()
        let body = DER.sequence(
            DER.value(0xA0, DER.integer([2])), DER.integer([1]), algorithm, name,
            DER.sequence(DER.time("20260101000000Z"), DER.time("20360101000000Z")), name,
            Array(key.publicKey.derRepresentation))
        let certificate = DER.sequence(body, algorithm, DER.bitString([0]))
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- ours -->
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(Self.id)">
              <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
                  <X509Certificate>
                    \(Data(certificate).base64EncodedString())
                  </X509Certificate></X509Data></KeyInfo></md:KeyDescriptor>
                <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                    Location="https://idp.example.com/sso"/>
              </md:IDPSSODescriptor>
            </md:EntityDescriptor>
            """
    }

    /// What an assertion says; each test changes what it is about.
    struct Claims {
        var id = "_assertion"
        var issued = "2026-01-01T00:00:00.123Z"
        var issuer = SAMLIssuer.id
        var subject = "alice@example.com"
        var format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
        var recipient = SAMLIssuer.audience
        var confirmedUntil = "2026-01-01T00:05:00Z"
        var notBefore = "2025-12-31T23:59:00Z"
        var notAfter = "2026-01-01T00:10:00Z"
        var conditions: String?
        var audience = SAMLIssuer.audience
        var sessionEnd: String?
        var roles = [Engine.roleARN("exec") + "," + SAMLIssuer.provider]
        var sessionName: [String] = ["alice"]
        /// By the names of the service.
        var attributes: [(name: String, values: [String])] = []
    }

    /// - Parameter signature: Stands after the issuer.
    func assertion(_ claims: Claims, signature: String = "") -> String {
        let named = [("Role", claims.roles), ("RoleSessionName", claims.sessionName)] + claims.attributes
        let attributes = named.filter { !$0.1.isEmpty }.map { name, values in
            "<saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/\(name)\">"
                + values.map { "<saml:AttributeValue>\($0)</saml:AttributeValue>" }.joined() + "</saml:Attribute>"
        }.joined()
        let end = claims.sessionEnd.map { " SessionNotOnOrAfter=\"\($0)\"" } ?? ""
        let conditions =
            claims.conditions
            ?? "<saml:AudienceRestriction><saml:Audience>\(claims.audience)</saml:Audience></saml:AudienceRestriction>"
        return """
            <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="\(claims.id)" \
            IssueInstant="\(claims.issued)" Version="2.0"><saml:Issuer>\(claims.issuer)</saml:Issuer>\(signature)\
            <saml:Subject><saml:NameID Format="\(claims.format)">\(claims.subject)</saml:NameID>\
            <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData \
            NotOnOrAfter="\(claims.confirmedUntil)" Recipient="\(claims.recipient)"></saml:SubjectConfirmationData>\
            </saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="\(claims.notBefore)" \
            NotOnOrAfter="\(claims.notAfter)">\(conditions)</saml:Conditions><saml:AuthnStatement\(end)>\
            </saml:AuthnStatement><saml:AttributeStatement>\(attributes)</saml:AttributeStatement></saml:Assertion>
            """
    }

    /// What a signature says of itself.
    struct Form {
        var method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
        var canonical = "http://www.w3.org/2001/10/xml-exc-c14n#"
        var digest = "http://www.w3.org/2001/04/xmlenc#sha256"
        /// The id of what is signed with `#`, by default.
        var uri: String?
        var transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>"
        var keyInfo = ""
        /// Within the signature, after all else.
        var object = ""
    }

    /// - Parameter text: What is signed, without the signature.
    func signature(of text: String, id: String, _ form: Form = Form()) throws -> String {
        let digest = Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
        let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
        let content = """
            <ds:CanonicalizationMethod Algorithm="\(form.canonical)"></ds:CanonicalizationMethod>\
            <ds:SignatureMethod Algorithm="\(form.method)"></ds:SignatureMethod>\
            <ds:Reference URI="\(form.uri ?? "#" + id)"><ds:Transforms><ds:Transform Algorithm="\(enveloped)">\
            </ds:Transform>\(form.transform)</ds:Transforms><ds:DigestMethod Algorithm="\(form.digest)">\
            </ds:DigestMethod><ds:DigestValue>\(digest)</ds:DigestValue></ds:Reference></ds:SignedInfo>
            """
        let namespace = "http://www.w3.org/2000/09/xmldsig#"
        let hash = SHA256.hash(data: Array("<ds:SignedInfo xmlns:ds=\"\(namespace)\">\(content)".utf8))
        let value = try key.signature(for: hash, padding: .insecurePKCS1v1_5).rawRepresentation
        // The declaration stands on the parent: canonicalization has to move it.
        return """
            <ds:Signature xmlns:ds="\(namespace)"><ds:SignedInfo>\(content)<ds:SignatureValue>
            \(value.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed]))
            </ds:SignatureValue>\(form.keyInfo)\(form.object)</ds:Signature>
            """
    }

    func signed(_ claims: Claims = Claims(), _ form: Form = Form()) throws -> String {
        assertion(claims, signature: try signature(of: assertion(claims), id: claims.id, form))
    }

    static func response(_ content: String, signature: String = "", status: String = "Success") -> String {
        """
        <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" \
        IssueInstant="2026-01-01T00:00:00Z" Version="2.0">\(signature)<samlp:Status><samlp:StatusCode \
        Value="urn:oasis:names:tc:SAML:2.0:status:\(status)"></samlp:StatusCode></samlp:Status>\(content)\
        </samlp:Response>
        """
    }
}
