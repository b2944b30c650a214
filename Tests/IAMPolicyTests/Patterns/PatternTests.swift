import IAMPolicy
import Testing

@Suite struct PatternTests {
    private func isAllowed(_ pattern: String, _ resource: String) throws -> Bool {
        let set = try policies(#"{"Effect": "Allow", "Action": "s3:Get", "Resource": "\#(pattern)"}"#)
        return PolicyLayers(identity: [set]).outcome(.dev, "s3:Get", resource) == .allowed
    }

    @Test(
        "wildcards of a resource",
        arguments: [
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:c/d", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
            ("arn:aws:s3:::b/?", "arn:aws:s3:::b/é", true),
            ("arn:aws:s3:::b/?", "arn:aws:s3:::b/𝄞", true),
            ("arn:aws:s3:::b/??", "arn:aws:s3:::b/𝄞", false),
            ("arn:aws:s3:::B", "arn:aws:s3:::b", false),
            ("arn:aws:s3:*:*:b", "arn:aws:s3:::b", true),
            ("arn:aws:s3:*:b", "arn:aws:s3:::b", false),
            ("arn:aws:s3:*", "arn:aws:s3:::b", true),
            ("arn:aws:s3", "arn:aws:s3:::b", false),
            ("arn:aws:*:b", "arn:aws:s3:::b", false),
            ("*", "*", true),
            ("arn:aws:s3:::*", "*", false),
            ("arn:aws:s3:::*a*b*", "arn:aws:s3:::xaxbx", true),
            ("arn:aws:s3:::*a*b", "arn:aws:s3:::xbxa", false),
            ("arn:aws:s3:::*ab*ab", "arn:aws:s3:::ab", false),
            ("arn:aws:s3:::*aab*", "arn:aws:s3:::aaaab", true),
            ("arn:aws:s3:::*a?b*c", "arn:aws:s3:::aaéb-c", true),
            ("arn:aws:s3:::a**", "arn:aws:s3:::a", true),
            ("arn:aws:s3:::${*}", "arn:aws:s3:::x", false),
            ("arn:aws:s3:::${*}", "arn:aws:s3:::*", true),
        ])
    func wildcards(_ pattern: String, _ resource: String, _ expected: Bool) throws {
        #expect(try isAllowed(pattern, resource) == expected)
    }

    @Test("a pattern made to be slow is not", .timeLimit(.minutes(1)))
    func hostile() throws {
        let run = String(repeating: "a", count: 5_000)
        let stars = String(repeating: "*a", count: 2_000)
        let text = "arn:aws:s3:::" + String(repeating: "a", count: 100_000)
        for _ in 0..<20 {
            #expect(try isAllowed("arn:aws:s3:::*\(run)b*", text) == false)
            #expect(try isAllowed("arn:aws:s3:::\(stars)b", text) == false)
            #expect(try isAllowed("arn:aws:s3:::\(stars)*", text))
        }
    }

    @Test("variables stand for the text of the request, and are no wildcards")
    func variables() throws {
        let set = try policies(
            #"{"Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::${aws:PrincipalTag/team, 'none'}/${aws:username}"}"#
        )
        let layers = PolicyLayers(identity: [set])
        #expect(layers.outcome(.dev, "s3:Get", "arn:aws:s3:::none/dev") == .allowed)
        let tag: RequestContext = ["AWS:principaltag/TEAM": "*"]
        #expect(layers.outcome(.dev, "s3:Get", "arn:aws:s3:::*/dev", tag) == .allowed)
        #expect(layers.outcome(.dev, "s3:Get", "arn:aws:s3:::x/dev", tag) == .implicitlyDenied)
        // A session has no user name.
        #expect(layers.outcome(.session, "s3:Get", "arn:aws:s3:::none/dev") == .implicitlyDenied)
    }
}
