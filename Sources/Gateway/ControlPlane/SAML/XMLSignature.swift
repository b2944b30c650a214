import Bytes
import Crypto
import CryptoExtras
import XML

/// A signature that an element carries of itself.
///
/// One form alone is taken: RSA with SHA-256, exclusive canonicalization, one reference, to the element that it stands in.
/// The keys are the caller's: what the signature says of keys is not looked at.
///
/// - Note: Source: XML Signature Syntax and Processing 1.1; SAML 2.0 core, section 5.4.
enum XMLSignature {
    static let namespace = "http://www.w3.org/2000/09/xmldsig#"
    private static let rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    private static let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
    private static let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

    /// True when one of the keys has signed the element, all of it, by a signature that is its child.
    static func isValid(_ signature: XMLElement, of owner: XMLElement, _ keys: [_RSA.Signing.PublicKey]) -> Bool {
        guard let id = owner.attribute("ID"), !id.isEmpty,
            let info = signature.only(namespace, "SignedInfo"),
            let method = info.only(namespace, "SignatureMethod"), method.attribute("Algorithm") == rsaSHA256,
            let canonical = canonicalization(info.only(namespace, "CanonicalizationMethod")),
            let reference = info.only(namespace, "Reference"), reference.attribute("URI") == "#\(id)",
            info.elements.count == 3,
            let transforms = reference.only(namespace, "Transforms")?.elements, transforms.count == 2,
            transforms.allSatisfy({ $0.name == .init(namespace: namespace, local: "Transform") }),
            transforms[0].attribute("Algorithm") == enveloped, transforms[0].elements.isEmpty,
            let prefixes = canonicalization(transforms[1]),
            reference.only(namespace, "DigestMethod")?.attribute("Algorithm") == sha256,
            let digest = bytes(reference.only(namespace, "DigestValue")),
            let value = bytes(signature.only(namespace, "SignatureValue"))
        else { return false }
        let found = SHA256.hash(
            data: CanonicalXML.bytes(owner, without: signature.number, prefixes: prefixes))
        guard found == digest else { return false }
        let signed = SHA256.hash(data: CanonicalXML.bytes(info, prefixes: canonical))
        return keys.contains { key in
            key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: value), for: signed, padding: .insecurePKCS1v1_5)
        }
    }

    /// The prefixes that are to be written in any case; nil for another canonicalization.
    private static func canonicalization(_ element: XMLElement?) -> Set<String>? {
        guard let element, element.attribute("Algorithm") == CanonicalXML.exclusive else { return nil }
        let inner = element.elements
        if inner.isEmpty { return [] }
        guard inner.count == 1, let list = element.only(CanonicalXML.exclusive, "InclusiveNamespaces") else {
            return nil
        }
        let prefixes = (list.attribute("PrefixList") ?? "").split(separator: " ").map(String.init)
        return Set(prefixes.map { $0 == "#default" ? "" : $0 })
    }

    private static func bytes(_ element: XMLElement?) -> [UInt8]? {
        guard let text = element?.trimmedText else { return nil }
        return Base64.decoded(String(text.unicodeScalars.filter { !" \t\n\r".unicodeScalars.contains($0) }))
    }
}
