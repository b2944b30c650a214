import Diagnostics
import IAMPolicy
import JSON
import Testing

/// All policies of the sample of AWS managed policies.
@Suite(.enabled(if: CorpusPolicy.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct CorpusTests {
    @Test("the sample is there")
    func sample() {
        #expect(CorpusPolicy.all.count == 250)
        #expect(CorpusPolicy.all.reduce(0) { $0 + $1.statements } == 2646)
    }

    @Test("every managed policy is valid and has its statements", arguments: CorpusPolicy.all)
    func valid(_ policy: CorpusPolicy) throws {
        let reading = PolicyDocument.read(json: policy.bytes, file: policy.name, as: .identity, sizeMax: .max)
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(try #require(reading.document).statements.count == policy.statements)
    }

    @Test("the canonical form of a managed policy is its own canonical form", arguments: CorpusPolicy.all)
    func canonical(_ policy: CorpusPolicy) throws {
        let document = try #require(
            PolicyDocument.read(json: policy.bytes, file: "", as: .identity, sizeMax: .max).document)
        let again = try #require(PolicyDocument.read(document.canonical, as: .identity, sizeMax: .max).document)
        #expect(again.canonical.text(.compact) == document.canonical.text(.compact))
        #expect(again == document)
    }

    @Test("print then parse of a managed policy gives the same", arguments: CorpusPolicy.all)
    func roundTrip(_ policy: CorpusPolicy) throws {
        let document = try #require(
            PolicyDocument.read(json: policy.bytes, file: "", as: .identity, sizeMax: .max).document)
        for style in JSONStyle.allCases {
            let text = document.value.text(style)
            let again = try #require(PolicyDocument.read(text: text, as: .identity, sizeMax: .max).document)
            #expect(again == document)
            #expect(again.value == document.value)
        }
    }

    @Test("a managed policy whose lists are turned round and wrapped is equal", arguments: CorpusPolicy.all)
    func permuted(_ policy: CorpusPolicy) throws {
        let value = try JSONValue(parsing: policy.bytes)
        let document = try #require(PolicyDocument.read(value, as: .identity, sizeMax: .max).document)
        let other = try #require(PolicyDocument.read(Self.turned(value), as: .identity, sizeMax: .max).document)
        #expect(other == document)
        #expect(other.statements.map(\.sid) == document.statements.map(\.sid))
    }

    @Test("a managed policy that lacks its last statement, or an action, is another", arguments: CorpusPolicy.all)
    func different(_ policy: CorpusPolicy) throws {
        let value = try JSONValue(parsing: policy.bytes)
        let document = try #require(PolicyDocument.read(value, as: .identity, sizeMax: .max).document)
        var members = try #require(document.canonical.object)
        var statements = try #require(members["Statement"]?.array)
        guard case .object(var first) = statements[0] else { return }
        first["Action"] = first["Action"] == "*" ? "s3:*" : "*"
        first["NotAction"] = nil
        statements[0] = .object(first)
        members["Statement"] = .array(statements)
        let other = try #require(PolicyDocument.read(.object(members), as: .identity, sizeMax: .max).document)
        #expect(other != document)
    }

    /// The same with lists in another order, members in another order, and single values as lists.
    private static func turned(_ value: JSONValue) -> JSONValue {
        guard case .object(var document) = value else { return value }
        let statements = document["Statement"].map { $0.array ?? [$0] } ?? []
        document["Statement"] = .array(statements.map { members($0, depth: 0) })
        return .object(JSONObject(document.map { ($0.name, $0.value) }.reversed()))
    }

    private static func members(_ value: JSONValue, depth: Int) -> JSONValue {
        guard case .object(let object) = value else { return value }
        return .object(
            JSONObject(
                object.reversed().map { name, value in
                    if ["Sid", "Effect"].contains(name) { return (name, value) }
                    if value.object != nil { return (name, members(value, depth: depth + 1)) }
                    return (name, .array((value.array ?? [value]).reversed()))
                }))
    }
}
