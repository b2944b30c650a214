import JSON
import Resources
import Testing

@Suite("Kind tables")
struct KindTableTests {
    @Test("every kind of docs/normal-forms.md has a table")
    func everyObjectKind() {
        let kinds: [ResourceKind] = [
            .restAPI, .resource, .method, .model, .requestValidator, .authorizer, .gatewayResponse, .documentationPart,
            .documentationVersion, .deployment, .stage, .user, .group, .role, .policy, .instanceProfile, .oidcProvider,
            .samlProvider, .apiKey, .usagePlan, .vpcLink, .domainName, .clientCertificate, .account, .function,
            .alias, .permission,
        ]
        for kind in kinds { #expect(KindTable.object(kind)?.kind == kind) }
        #expect(KindTable.objects.count == kinds.count)
        #expect(KindTable.object(ResourceKind(rawValue: "Nothing")) == nil)
        #expect(KindTable.manifest("Environment")?.group == .manifest)
    }

    @Test("no table has a field twice", arguments: KindTable.objects + KindTable.manifests)
    func fieldsAreUnique(_ schema: KindSchema) {
        #expect(Set(schema.fields.map(\.name)).count == schema.fields.count)
    }

    @Test("lost creates are found as normal-forms and house style say")
    func tokenCarriers() throws {
        #expect(try #require(KindTable.object(.restAPI)).tokenCarrier == .tag)
        #expect(try #require(KindTable.object(.deployment)).tokenCarrier == .description)
        #expect(try #require(KindTable.object(.method)).tokenCarrier == .naturalKey)
    }

    @Test("a model's media type cannot be changed, a deployment's fingerprint neither")
    func immutable() throws {
        #expect(try #require(KindTable.object(.model)).isImmutable("contentType"))
        #expect(try #require(KindTable.object(.deployment)).isImmutable("fingerprint"))
        #expect(try !#require(KindTable.object(.restAPI)).isImmutable("name"))
    }
}

extension KindSchema: CustomTestStringConvertible {
    public var testDescription: String { "\(group) \(kind)" }
}

@Suite("Text patterns")
struct TextPatternTests {
    @Test("names of manifests", arguments: ["a", "0", "petstore", "a-b-c", String(repeating: "a", count: 63)])
    func goodNames(_ name: String) { #expect(TextPattern.manifestName.matches(name)) }

    @Test(
        "what is no name",
        arguments: ["", "-a", "a-", "A", "a_b", "a b", "ä", "a/b", String(repeating: "a", count: 64)])
    func badNames(_ name: String) { #expect(!TextPattern.manifestName.matches(name)) }

    @Test("variable names start with a letter")
    func variableNames() {
        #expect(TextPattern.variableName.matches("pet_Store2"))
        #expect(!TextPattern.variableName.matches("2pets"))
        #expect(!TextPattern.variableName.matches("pet-store"))
    }

    @Test("a pattern prints the regular expression that it is")
    func expressions() {
        #expect(TextPattern.manifestName.expression == "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
        #expect(TextPattern.variableName.expression == "^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    }
}
