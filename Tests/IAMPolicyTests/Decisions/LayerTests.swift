import IAMPolicy
import Testing

/// How the layers of policies come together.
@Suite struct LayerTests {
    static let arn = "arn:aws:s3:us-east-1:123456789012:things/one"
    static let allow = #"{"Sid": "yes", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#
    static let deny = #"{"Sid": "no", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#
    static let other = #"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#

    static func named(_ principal: String, effect: String = "Allow") -> String {
        #"{"Effect": "\#(effect)", "Principal": \#(principal), "Action": "s3:*", "Resource": "*"}"#
    }

    private func decision(_ layers: PolicyLayers, _ caller: Caller = .dev) -> AccessDecision {
        layers.decision(AccessRequest(caller: caller, action: "s3:GetObject", resource: Self.arn))
    }

    @Test("a denial in any layer wins, and is named", arguments: PolicyLayer.allCases.filter { $0 != .fixedRule })
    func denial(_ layer: PolicyLayer) throws {
        let allow = try policies(Self.allow)
        var layers = PolicyLayers(
            identity: [allow], boundary: allow, session: allow,
            resource: try policies(Self.named(#"{"AWS": "arn:aws:iam::123456789012:user/dev"}"#), as: .resource))
        #expect(decision(layers).isAllowed)
        switch layer {
        case .identity: layers.identity.append(try policies(Self.deny, name: "denier"))
        case .boundary: layers.boundary = try policies("\(Self.allow), \(Self.deny)", name: "denier")
        case .session: layers.session = try policies("\(Self.allow), \(Self.deny)", name: "denier")
        default: layers.resource = try policies(Self.named(#""*""#, effect: "Deny"), as: .resource, name: "denier")
        }
        #expect(decision(layers).outcome == .explicitlyDenied)
        #expect(decision(layers).layer == layer)
        #expect(decision(layers).statement?.policy == "denier")
    }

    @Test("each layer that limits must allow", arguments: [PolicyLayer.identity, .boundary, .session])
    func silence(_ layer: PolicyLayer) throws {
        let (allow, other) = (try policies(Self.allow), try policies(Self.other))
        let layers = PolicyLayers(
            identity: [layer == .identity ? other : allow], boundary: layer == .boundary ? other : allow,
            session: layer == .session ? other : allow)
        #expect(decision(layers) == AccessDecision(.implicitlyDenied, by: nil, in: layer))
    }

    @Test(
        "a resource's policy in the same account",
        arguments: [
            (#"{"AWS": "arn:aws:iam::123456789012:user/dev"}"#, Caller.dev, true),
            (#"{"AWS": "arn:aws:iam::123456789012:role/team/worker"}"#, .session, false),
            (#"{"AWS": "arn:aws:sts::123456789012:assumed-role/worker/s1"}"#, .session, true),
            (#""*""#, .session, true),
            (#"{"AWS": "*"}"#, .dev, true),
            (#"{"AWS": "AIDADEVDEVDEVDEV"}"#, .dev, true),
        ])
    func resourceAlone(_ principal: String, _ caller: Caller, _ isDirect: Bool) throws {
        let resource = try policies(Self.named(principal), as: .resource)
        #expect(decision(PolicyLayers(resource: resource), caller).isAllowed)
        // What names the caller itself does not care for what limits it; what names its role does.
        let limited = PolicyLayers(session: try policies(Self.other), resource: resource)
        #expect(decision(limited, caller).isAllowed == isDirect)
        let bounded = PolicyLayers(boundary: try policies(Self.other), resource: resource)
        #expect(decision(bounded, caller).isAllowed == isDirect)
    }

    @Test(
        "an account as principal leaves it to the account's own policies",
        arguments: [
            #"{"AWS": "123456789012"}"#, #"{"AWS": "arn:aws:iam::123456789012:root"}"#,
        ])
    func account(_ principal: String) throws {
        let resource = try policies(Self.named(principal), as: .resource)
        #expect(decision(PolicyLayers(resource: resource)).layer == .identity)
        #expect(!decision(PolicyLayers(resource: resource)).isAllowed)
        #expect(decision(PolicyLayers(identity: [try policies(Self.allow)], resource: resource)).isAllowed)
    }

    @Test("from another account both sides must allow")
    func crossAccount() throws {
        let allow = try policies(Self.allow)
        for principal in [
            #"{"AWS": "999999999999"}"#, #"{"AWS": "arn:aws:iam::999999999999:user/eve"}"#, #""*""#,
        ] {
            let resource = try policies(Self.named(principal), as: .resource)
            #expect(decision(PolicyLayers(identity: [allow], resource: resource), .stranger).isAllowed)
            #expect(decision(PolicyLayers(resource: resource), .stranger).layer == .identity)
            #expect(!decision(PolicyLayers(resource: resource), .stranger).isAllowed)
        }
        let lacking = decision(PolicyLayers(identity: [allow]), .stranger)
        #expect(lacking == AccessDecision(.implicitlyDenied, by: nil, in: .resource))
    }

    @Test("root may do everything in its account, and not against the resource's policy")
    func root() throws {
        let root = Caller.root(account: "123456789012")
        #expect(decision(PolicyLayers(), root).isAllowed)
        let denied = PolicyLayers(resource: try policies(Self.named(#""*""#, effect: "Deny"), as: .resource))
        #expect(decision(denied, root).outcome == .explicitlyDenied)
        #expect(!decision(PolicyLayers(), .root(account: "999999999999")).isAllowed)
    }

    @Test("nobody in particular is let in by `*` alone")
    func anonymous() throws {
        let allow = PolicyLayers(resource: try policies(Self.named(#""*""#), as: .resource))
        #expect(decision(allow, .anonymous).isAllowed)
        let account = PolicyLayers(resource: try policies(Self.named(#"{"AWS": "123456789012"}"#), as: .resource))
        #expect(decision(account, .anonymous).outcome == .implicitlyDenied)
        #expect(decision(PolicyLayers(), .anonymous).layer == .resource)
    }

    @Test("a federated user has no permissions without a session policy")
    func federated() throws {
        let caller = Caller.federatedUser(account: "123456789012", name: "bob")
        let allow = try policies(Self.allow)
        #expect(decision(PolicyLayers(identity: [allow]), caller).layer == .session)
        #expect(!decision(PolicyLayers(identity: [allow]), caller).isAllowed)
        #expect(decision(PolicyLayers(identity: [allow], session: allow), caller).isAllowed)
    }

    @Test("a trust policy must allow by itself")
    func trust() throws {
        let role = "arn:aws:iam::123456789012:role/r"
        func trust(_ principal: String) throws -> PolicySet {
            try policies(
                #"{"Effect": "Allow", "Principal": \#(principal), "Action": "sts:AssumeRole"}"#, as: .trust)
        }
        let may = try policies(#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "\#(role)"}"#)
        func isAllowed(_ principal: String, _ caller: Caller, _ identity: [PolicySet]) throws -> Bool {
            PolicyLayers(identity: identity, resource: try trust(principal), resourceMustAllow: true)
                .outcome(caller, "sts:AssumeRole", role) == .allowed
        }
        let dev = #"{"AWS": "arn:aws:iam::123456789012:user/dev"}"#
        let service = #"{"Service": "apigateway.amazonaws.com"}"#
        #expect(try isAllowed(dev, .dev, []))
        #expect(try isAllowed(#"{"AWS": "123456789012"}"#, .dev, []) == false)
        #expect(try isAllowed(#"{"AWS": "123456789012"}"#, .dev, [may]))
        #expect(try isAllowed(service, .service("apigateway.amazonaws.com"), []))
        #expect(try isAllowed(service, .service("lambda.amazonaws.com"), []) == false)
        #expect(try isAllowed(service, .dev, [may]) == false)
        #expect(try isAllowed(#"{"AWS": "999999999999"}"#, .stranger, []) == false)
        #expect(try isAllowed(#"{"AWS": "999999999999"}"#, .stranger, [may]))
    }

    @Test("what everybody may ask, and what nobody may change, no policy alters")
    func fixedRules() throws {
        let everything = try policies(#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#)
        let nothing = try policies(#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#)
        #expect(PolicyLayers(identity: [nothing]).outcome(.dev, "sts:GetCallerIdentity", "*") == .allowed)
        let layers = PolicyLayers(identity: [everything])
        let managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        #expect(layers.outcome(.dev, "iam:GetPolicy", managed) == .allowed)
        #expect(layers.outcome(.dev, "iam:CreatePolicyVersion", managed) == .implicitlyDenied)
        #expect(layers.outcome(.root(account: "123456789012"), "iam:DeletePolicy", managed) == .implicitlyDenied)
        let reserved = "arn:aws:iam::123456789012:role/aws-reserved/sso/x"
        #expect(layers.outcome(.dev, "iam:GetRole", reserved) == .allowed)
        #expect(layers.outcome(.dev, "iam:DeleteRole", reserved) == .implicitlyDenied)
    }

    @Test("a denial that spares some spares nobody who has a boundary")
    func notPrincipalWithBoundary() throws {
        let resource = try policies(
            #"""
            {"Effect": "Deny", "NotPrincipal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:user/dev"]},
             "Action": "*", "Resource": "*"}
            """#, as: .resource)
        let allow = try policies(Self.allow)
        #expect(decision(PolicyLayers(identity: [allow], resource: resource)).isAllowed)
        #expect(
            decision(PolicyLayers(identity: [allow], boundary: allow, resource: resource)).outcome == .explicitlyDenied)
        #expect(decision(PolicyLayers(identity: [allow], resource: resource), .session).outcome == .explicitlyDenied)
    }
}
