import Bytes
import XML

/// What an identity provider vouches for, once its signature is checked.
///
/// - Note: Source: SAML 2.0 core; IAM user guide, "Configure SAML assertions for the authentication response".
struct SAMLAssertion: Sendable {
    private static let namespace = "urn:oasis:names:tc:SAML:2.0:assertion"
    private static let protocolNamespace = "urn:oasis:names:tc:SAML:2.0:protocol"
    private static let bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    private static let formats = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
    private static let attributes = "https://aws.amazon.com/SAML/Attributes/"

    let issuer: String
    let subject: String
    /// `persistent`, `transient`, or the whole name of another format.
    let subjectType: String
    /// Where it was sent to: `saml:aud` of policies.
    let recipient: String
    /// End of the session at the provider, in seconds since 1970.
    let sessionEnd: Int?
    private let values: [String: [String]]

    /// Checks everything about a response but what the role and its policies say.
    ///
    /// - Parameter text: The response in Base64.
    /// - Throws: `InvalidIdentityToken`, `IDPRejectedClaim`, `ExpiredTokenException`.
    init(response text: String, _ metadata: SAMLMetadata, region: String, now: Int) throws(ServiceError) {
        let response = try Self.response(text)
        let assertion = try Self.signedAssertion(response, metadata)
        for issuer in response.elements(Self.namespace, "Issuer") where issuer.trimmedText != metadata.entityID {
            throw Self.invalid("Issuer not present in specified provider")
        }
        let status = response.only(Self.protocolNamespace, "Status")?.only(Self.protocolNamespace, "StatusCode")
        guard status?.attribute("Value") == "urn:oasis:names:tc:SAML:2.0:status:Success" else {
            throw .query(403, "IDPRejectedClaim", "The identity provider did not authenticate the user")
        }
        guard let issuer = assertion.only(Self.namespace, "Issuer")?.trimmedText, issuer == metadata.entityID else {
            throw Self.invalid("Issuer not present in specified provider")
        }
        self.issuer = issuer
        guard let made = assertion.attribute("IssueInstant").flatMap(SAMLTime.seconds) else {
            throw Self.invalid("IssueInstant is missing")
        }
        // Earlier by no more than the service allows, and later by no more than clocks differ.
        guard made <= now + Limits.webTokenSkewSeconds else { throw Self.invalid("The assertion is not valid yet") }
        guard now - made <= Limits.assertionAgeSecondsMax else {
            throw .query(400, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
        }
        let places = ["https://signin.aws.amazon.com/saml", "https://\(region).signin.aws.amazon.com/saml"]
        guard let who = assertion.only(Self.namespace, "Subject"), let name = who.only(Self.namespace, "NameID"),
            let subject = name.trimmedText, !subject.isEmpty
        else { throw Self.invalid("The assertion has no subject") }
        self.subject = subject
        let format = name.attribute("Format") ?? "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
        subjectType = format.hasPrefix(Self.formats) ? String(format.dropFirst(Self.formats.count)) : format
        recipient = try Self.recipient(who, places, now)
        try Self.checkConditions(assertion, places + ["urn:amazon:webservices"], now)
        let statements = assertion.elements(Self.namespace, "AuthnStatement")
        guard !statements.isEmpty else { throw Self.invalid("The assertion has no AuthnStatement") }
        var end: Int?
        for text in statements.compactMap({ $0.attribute("SessionNotOnOrAfter") }) {
            guard let seconds = SAMLTime.seconds(text) else { throw Self.invalid("SessionNotOnOrAfter is no time") }
            end = min(end ?? seconds, seconds)
        }
        sessionEnd = end
        values = try Self.values(assertion)
    }

    private static func invalid(_ message: String) -> ServiceError { .invalidIdentityToken(message) }

    private static func response(_ text: String) throws(ServiceError) -> XMLElement {
        let digits = String(text.unicodeScalars.filter { !" \t\n\r".unicodeScalars.contains($0) })
        guard let bytes = Base64.decoded(digits) else { throw invalid("Invalid base64 SAMLResponse") }
        let response: XMLElement
        do { response = try XMLElement.saml(bytes) } catch {
            throw invalid("The SAMLResponse cannot be read: \(error.message)")
        }
        guard response.name == .init(namespace: protocolNamespace, local: "Response") else {
            throw invalid("The SAMLResponse is no response")
        }
        return response
    }

    // MARK: The signature

    /// The one assertion of the response, covered by each signature that there is, of which there is one at least.
    ///
    /// A response that holds anything twice that a signature could be mistaken for is refused as a whole: an assertion
    /// elsewhere, an id that two elements have, a signature that stands in neither the response nor the assertion.
    private static func signedAssertion(
        _ response: XMLElement, _ metadata: SAMLMetadata
    ) throws(ServiceError) -> XMLElement {
        let all = response.all
        guard !all.contains(where: { $0.name == .init(namespace: namespace, local: "EncryptedAssertion") }) else {
            throw invalid("Encrypted assertions are not supported by this engine")
        }
        let assertions = all.filter { $0.name.local == "Assertion" }
        guard assertions.count == 1, let assertion = response.only(namespace, "Assertion") else {
            throw invalid("The SAMLResponse must have one assertion")
        }
        let ids = all.flatMap { $0.attributes.filter { $0.name.local.lowercased() == "id" }.map(\.value) }
        guard Set(ids).count == ids.count else { throw invalid("An ID is there twice") }
        let ofResponse = response.elements(XMLSignature.namespace, "Signature")
        let ofAssertion = assertion.elements(XMLSignature.namespace, "Signature")
        let count = all.count { $0.name.local == "Signature" }
        guard ofResponse.count <= 1, ofAssertion.count <= 1, count == ofResponse.count + ofAssertion.count, count > 0
        else { throw invalid("Response signature invalid") }
        guard ofResponse.allSatisfy({ XMLSignature.isValid($0, of: response, metadata.keys) }),
            ofAssertion.allSatisfy({ XMLSignature.isValid($0, of: assertion, metadata.keys) })
        else { throw invalid("Response signature invalid") }
        return assertion
    }

    // MARK: Conditions

    private static func recipient(
        _ subject: XMLElement, _ places: [String], _ now: Int
    ) throws(ServiceError) -> String {
        for confirmation in subject.elements(namespace, "SubjectConfirmation")
        where confirmation.attribute("Method") == bearer {
            guard let data = confirmation.only(namespace, "SubjectConfirmationData"),
                let recipient = data.attribute("Recipient"), places.contains(recipient),
                data.attribute("NotBefore") == nil,
                let end = data.attribute("NotOnOrAfter").flatMap(SAMLTime.seconds)
            else { continue }
            guard now < end else { throw expired }
            return recipient
        }
        throw invalid("The assertion was not sent to this service")
    }

    private static let expired = ServiceError.query(400, "ExpiredTokenException", "The assertion has expired")

    private static func checkConditions(
        _ assertion: XMLElement, _ audiences: [String], _ now: Int
    ) throws(ServiceError) {
        guard let conditions = assertion.only(namespace, "Conditions") else {
            throw invalid("The assertion has no conditions")
        }
        if let text = conditions.attribute("NotBefore") {
            guard let begin = SAMLTime.seconds(text), now + Limits.webTokenSkewSeconds >= begin else {
                throw invalid("The assertion is not valid yet")
            }
        }
        if let text = conditions.attribute("NotOnOrAfter") {
            guard let end = SAMLTime.seconds(text) else { throw invalid("NotOnOrAfter is no time") }
            guard now < end else { throw expired }
        }
        // Each restriction has to hold, and what is no restriction of audiences is not understood.
        let restrictions = conditions.elements
        guard !restrictions.isEmpty else { throw invalid("The assertion is for no audience") }
        for restriction in restrictions {
            guard restriction.name == .init(namespace: namespace, local: "AudienceRestriction") else {
                throw invalid("The condition \(restriction.name.local) is not understood")
            }
            let found = restriction.elements(namespace, "Audience").compactMap(\.trimmedText)
            guard found.contains(where: audiences.contains) else { throw invalid("Invalid audience") }
        }
    }

    // MARK: Attributes

    private static func values(_ assertion: XMLElement) throws(ServiceError) -> [String: [String]] {
        var values: [String: [String]] = [:]
        for statement in assertion.elements(namespace, "AttributeStatement") {
            for attribute in statement.elements(namespace, "Attribute") {
                guard let name = attribute.attribute("Name") else { throw invalid("An attribute has no name") }
                for value in attribute.elements(namespace, "AttributeValue") {
                    guard let text = value.trimmedText else {
                        throw invalid("The value of \(name.prefix(128)) is no text")
                    }
                    values[name, default: []].append(text)
                }
            }
        }
        return values
    }

    /// Whether it names the pair, in either order.
    func names(role: String, provider: String) -> Bool {
        (values[Self.attributes + "Role"] ?? []).contains { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                String(part.drop { $0 == " " })
            }
            return parts == [role, provider] || parts == [provider, role]
        }
    }

    var sessionName: String? { get throws(ServiceError) { try single(Self.attributes + "RoleSessionName") } }

    var sourceIdentity: String? { get throws(ServiceError) { try single(Self.attributes + "SourceIdentity") } }

    /// Nil when it is not there; one of several values would be a guess.
    private func single(_ name: String) throws(ServiceError) -> String? {
        guard let found = values[name] else { return nil }
        guard found.count == 1 else { throw Self.invalid("\(name.prefix(128)) must have one value") }
        return found[0]
    }

    /// In the order of their keys, of which no two differ in case alone.
    var tags: [Entity.Tag] {
        get throws(ServiceError) {
            let prefix = Self.attributes + "PrincipalTag:"
            var tags: [Entity.Tag] = []
            for name in values.keys.sorted() where name.hasPrefix(prefix) {
                let tag = Entity.Tag(key: String(name.dropFirst(prefix.count)), value: try single(name) ?? "")
                guard !tags.contains(where: { $0.key.lowercased() == tag.key.lowercased() }),
                    (1...128).contains(tag.key.utf8.count), tag.value.utf8.count <= 256, tags.count < 50
                else { throw Self.invalid("The tags of the assertion are too long, too many or there twice") }
                tags.append(tag)
            }
            return tags
        }
    }

    var transitiveKeys: [String] { values[Self.attributes + "TransitiveTagKeys"] ?? [] }
}
