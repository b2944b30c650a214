import Diagnostics
import IAMPolicy
import Testing

/// What is wrong with a document, all of it at once.
@Suite struct ProblemTests {
    private static func codes(_ text: String, as kind: PolicyKind = .identity) -> [String] {
        PolicyDocument.read(text: text, as: kind).diagnostics.map {
            "\($0.severity == .error ? "" : "~")\($0.code.dropFirst("policy.".count))"
        }
    }

    private static func statement(_ members: String, as kind: PolicyKind = .identity) -> [String] {
        codes(#"{"Version": "2012-10-17", "Statement": [{\#(members)}]}"#, as: kind)
    }

    static let allow = #""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*""#

    @Test(
        "each fault of a document's form has its code",
        arguments: [
            ("[]", ["wrong-type"]),
            ("{}", ["missing-element"]),
            (#"{"Version": "2026-01-01", "Statement": []}"#, ["bad-version", "empty-list"]),
            (
                #"{"version": "2012-10-17", "Statement": {}}"#,
                [
                    "unknown-element", "missing-element", "missing-element", "missing-element",
                ]
            ),
            (#"{"Statement": "x"}"#, ["wrong-type"]),
            (#"{"Statement": [{\#(allow), "Sid": "a b"}]}"#, ["bad-sid"]),
            (#"{"Statement": [{\#(allow), "Sid": "a"}, {\#(allow), "Sid": "a"}]}"#, ["duplicate-sid"]),
            (#"{"Statement": [{\#(allow), "Sid": ""}, {\#(allow), "Sid": ""}]}"#, []),
            (#"{"Statement": [{\#(allow), "Principal": "*"}]}"#, ["forbidden-element"]),
            (#"{"Statement": [{\#(allow), "NotAction": "s3:*"}]}"#, ["both-forms"]),
            (#"{"Statement": [{\#(allow), "Sid": "„x“"}]}"#, ["bad-character", "bad-sid"]),
            (#"{"Statement": [{\#(allow), "Resources": "*"}]}"#, ["unknown-element"]),
        ] as [(String, [String])])
    func form(_ text: String, _ expected: [String]) {
        #expect(Self.codes(text) == expected)
    }

    @Test(
        "each fault of a statement's content has its code",
        arguments: [
            (
                #""Effect": "allow", "Action": "GetObject", "Resource": "bucket""#,
                [
                    "bad-effect", "bad-action", "bad-resource",
                ]
            ),
            (
                #""Effect": "Allow", "Action": ["*:Get", "s3:", ":x", "s3*:Get", "s3:Get Object"], "Resource": "*""#,
                [
                    "bad-action", "bad-action", "bad-action", "bad-action", "bad-action",
                ]
            ),
            (#""Effect": "Allow", "Action": [], "Resource": [1]"#, ["empty-list", "wrong-type"]),
            (#""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::${aws:username""#, ["bad-variable"]),
            (#""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::${username}""#, ["bad-variable"]),
            (#""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::${a:b, x}""#, ["bad-variable"]),
            (
                #""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:${aws:RequestedRegion}::x""#,
                [
                    "bad-resource"
                ]
            ),
            (#""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::${*}${?}${$}${a:b, '}'}""#, []),
            (#""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3""#, ["~matches-nothing"]),
            (#""Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:*:::x""#, ["~wildcard-service"]),
            (
                #""Effect": "Allow", "Action": "iam:Get*", "Resource": "arn:aws:iam:us-east-1::user/x""#,
                [
                    "~matches-nothing"
                ]
            ),
            (
                #""Effect": "Allow", "Action": "execute-api:*", "Resource": "arn:aws:execute-api:*:*:abc/test/get/pets""#,
                [
                    "~matches-nothing"
                ]
            ),
            (
                #""Effect": "Allow", "Action": "apigateway:GET", "Resource": "arn:aws:apigateway:::/restapis""#,
                [
                    "~matches-nothing"
                ]
            ),
        ] as [(String, [String])])
    func content(_ members: String, _ expected: [String]) {
        #expect(Self.statement(members) == expected)
    }

    @Test(
        "each fault of a condition has its code",
        arguments: [
            (#"{"StringEqual": {"a:b": "c"}}"#, ["unknown-operator"]),
            (#"{"stringequals": {"a:b": "c"}}"#, ["unknown-operator"]),
            (#"{"NullIfExists": {"a:b": "true"}}"#, ["unknown-operator"]),
            (#"{"ForAllValues:Null": {"a:b": "true"}}"#, ["unknown-operator"]),
            (#"{"StringEquals": {"SourceIp": "c"}}"#, ["bad-condition-key"]),
            (#"{"StringEquals": {"a:b": []}}"#, ["empty-list"]),
            (#"{"StringEquals": {"a:b": {}}}"#, ["wrong-type"]),
            (#"{"StringEquals": "x"}"#, ["wrong-type"]),
            (#"[]"#, ["wrong-type"]),
            (#"{"NumericEquals": {"a:b": ["1", "x", 2, 1.5]}}"#, ["bad-condition-value"]),
            (#"{"DateEquals": {"a:b": ["2026-02-30", "2026-02-28"]}}"#, ["bad-condition-value"]),
            (#"{"DateEquals": {"a:b": "${aws:CurrentTime}"}}"#, ["bad-condition-value"]),
            (#"{"Bool": {"a:b": ["yes", true]}}"#, ["bad-condition-value"]),
            (#"{"Null": {"a:b": "${a:c}"}}"#, []),
            (
                #"{"IpAddress": {"a:b": ["10.0.0.0/33", "10.0.0.0/8", "::/0", "1.2.3"]}}"#,
                [
                    "bad-condition-value", "bad-condition-value",
                ]
            ),
            (#"{"BinaryEquals": {"a:b": ["YQ==", "YQ="]}}"#, ["bad-condition-value"]),
            (#"{"ArnLike": {"a:b": "*"}}"#, ["~matches-nothing"]),
            (#"{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}"#, ["~unguarded-for-all-values"]),
            (#"{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}, "Null": {"AWS:tagkeys": "false"}}"#, []),
            (#"{"ForAnyValue:StringEquals": {"aws:SourceIp": "a"}}"#, ["~set-operator"]),
            (#"{"StringEquals": {"aws:TagKeys": "a"}}"#, ["~set-operator"]),
        ] as [(String, [String])])
    func conditions(_ condition: String, _ expected: [String]) {
        #expect(Self.statement(Self.allow + #", "Condition": \#(condition)"#) == expected)
    }

    @Test(
        "each principal that cannot be named is refused",
        arguments: [
            #""arn:aws:iam::123456789012:root""#, #"{"AWS": "arn:aws:iam::123456789012:user/*"}"#,
            #"{"AWS": "arn:aws:iam::123456789012:group/g"}"#, #"{"AWS": "12345"}"#, #"{"AWS": "dev"}"#,
            #"{"AWS": "arn:aws:sts::123456789012:assumed-role/r"}"#, #"{"Service": "apigateway"}"#,
            #"{"Service": "*"}"#, #"{"Federated": "*"}"#, #"{"Federated": "arn:aws:iam::123456789012:user/x"}"#,
            #"{"CanonicalUser": "x"}"#, #"{"AWS": "arn:aws:iam::123456789012:user/"}"#,
        ])
    func principals(_ principal: String) {
        let members = #""Effect": "Deny", "Principal": \#(principal), "Action": "s3:Get", "Resource": "*""#
        #expect(Self.statement(members, as: .resource) == ["bad-principal"])
    }

    @Test("resource and trust policies have their own elements")
    func kinds() {
        let sts = #""Action": "sts:AssumeRole""#
        #expect(Self.statement(Self.allow, as: .resource) == ["missing-element"])
        #expect(
            Self.statement(#"\#(Self.allow), "NotPrincipal": {"AWS": "*"}"#, as: .resource) == ["~allows-all-but-some"])
        #expect(Self.statement(#""Effect": "Allow", "Principal": "*", \#(sts)"#, as: .trust) == ["~open-trust"])
        let service = #""Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, \#(sts)"#
        #expect(Self.statement(service, as: .trust) == ["~confused-deputy"])
        let condition = #", "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}"#
        #expect(Self.statement(service + condition, as: .trust) == [])
        #expect(Self.statement(service + condition + #", "Resource": "*""#, as: .trust) == ["forbidden-element"])
        let notPrincipal = #""Effect": "Deny", "NotPrincipal": {"AWS": "123456789012"}, \#(sts)"#
        #expect(Self.statement(notPrincipal, as: .trust) == ["forbidden-element"])
        let other = #""Effect": "Deny", "Principal": {"AWS": "123456789012"}, "Action": ["s3:Get", "sts:*", "*"]"#
        #expect(Self.statement(other, as: .trust) == ["bad-action", "bad-action"])
    }

    @Test("variables of an old policy are text, which is said")
    func oldVersion() {
        let text =
            #"{"Statement": [{"Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::${aws:username}"}]}"#
        #expect(Self.codes(text) == ["~old-version"])
    }

    @Test("sizes are counted without the whitespace outside strings", arguments: PolicyKind.allCases)
    func sizes(_ kind: PolicyKind) {
        let principal = kind.namesPrincipals ? #""Principal":{"AWS":"123456789012"},"# : ""
        let resource = kind == .trust ? "" : #","Resource":"*""#
        let action = kind == .trust ? "sts:AssumeRole" : "s3:Get"
        func text(_ filler: Int, _ blank: String) -> String {
            #"{"Id":"\#(String(repeating: "x", count: filler)) ","Statement":[{"Effect":"Allow",\#(principal)"#
                + #""Action":\#(blank)"\#(action)"\#(resource)}]}"#
        }
        let rest = kind.sizeMax - text(0, "").utf8.count
        let blank = String(repeating: " \n", count: 100)
        let reading = PolicyDocument.read(text: text(rest, blank), as: kind)
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(reading.document?.size == kind.sizeMax)
        #expect(Self.codes(text(rest + 1, ""), as: kind) == ["too-large"])
        #expect(PolicyDocument.read(text: text(rest + 1, ""), as: kind, sizeMax: .max).document != nil)
    }

    @Test("a document with a thousand faults says two hundred and counts the others")
    func many() {
        let statements = Array(repeating: #"{"Effect": "x"}"#, count: 500).joined(separator: ",")
        let diagnostics = PolicyDocument.read(text: #"{"Statement": [\#(statements)]}"#, as: .identity).diagnostics
        #expect(diagnostics.count == 201)
        #expect(diagnostics.last?.message == "1301 more problems are not listed")
    }

    @Test("texts that are no JSON, too deep or too long are refused")
    func notJSON() {
        func code(_ text: String) -> String? {
            PolicyDocument.read(text: text, as: .identity).diagnostics.first?.code
        }
        #expect(code("") == "json.syntax")
        #expect(code(#"{"Statement": [], "Statement": []}"#) == "json.duplicate-name")
        #expect(code(String(repeating: "[", count: 50)) == "json.too-deep")
        #expect(code("{" + String(repeating: " ", count: 131_072) + "}") == "json.too-large")
    }

    @Test("spans lead to the place in the file, in the order of the text")
    func spans() {
        let text = """
            {
              "Version": "2012-10-17",
              "Statement": [{
                "Effect": "Allow",
                "Action": "s3",
                "Resource": "x"
              }]
            }
            """
        let reading = PolicyDocument.read(json: Array(text.utf8), file: "p.json", as: .identity)
        #expect(reading.diagnostics.compactMap(\.spans.first).map(\.description) == ["p.json:5:15", "p.json:6:17"])
        #expect(PolicyDocument.read(text: text, as: .identity).diagnostics.allSatisfy { $0.spans.isEmpty })
    }
}
