import IAMPolicy
import JSON
import Testing

@Suite struct RouteAccessTests {
    /// The table: own side, resource policy (nil for none), result.
    static let sameAccount: [(PolicyVoice, PolicyVoice?, AccessDecision.Outcome)] = [
        (.allow, .allow, .allowed), (.allow, .silent, .allowed), (.allow, nil, .allowed),
        (.allow, .deny, .explicitlyDenied), (.silent, .allow, .allowed), (.silent, .silent, .implicitlyDenied),
        (.silent, nil, .implicitlyDenied), (.silent, .deny, .explicitlyDenied), (.deny, .allow, .explicitlyDenied),
        (.deny, .silent, .explicitlyDenied), (.deny, .deny, .explicitlyDenied), (.deny, nil, .explicitlyDenied),
    ]
    static let otherAccount: [(PolicyVoice, PolicyVoice?, AccessDecision.Outcome)] = [
        (.allow, .allow, .allowed), (.allow, .silent, .implicitlyDenied), (.allow, nil, .implicitlyDenied),
        (.allow, .deny, .explicitlyDenied), (.silent, .allow, .implicitlyDenied),
        (.silent, .silent, .implicitlyDenied), (.silent, nil, .implicitlyDenied), (.silent, .deny, .explicitlyDenied),
        (.deny, .allow, .explicitlyDenied), (.deny, .silent, .explicitlyDenied), (.deny, .deny, .explicitlyDenied),
        (.deny, nil, .explicitlyDenied),
    ]

    @Test(
        "either side suffices in the API's account, and a denial wins", arguments: sameAccount,
        [RouteAuthorization.iam, .custom])
    func same(
        _ row: (PolicyVoice, PolicyVoice?, AccessDecision.Outcome), _ authorization: RouteAuthorization
    ) {
        #expect(RouteAccess.outcome(authorization, own: row.0, resource: row.1) == row.2)
    }

    @Test("both sides must allow a caller of another account", arguments: otherAccount)
    func other(_ row: (PolicyVoice, PolicyVoice?, AccessDecision.Outcome)) {
        #expect(RouteAccess.outcome(.iam, own: row.0, resource: row.1, isSameAccount: false) == row.2)
    }

    @Test(
        "without a method's own authorization, and with Cognito, the resource policy decides alone",
        arguments: [RouteAuthorization.none, .cognito], PolicyVoice.allCases)
    func alone(_ authorization: RouteAuthorization, _ own: PolicyVoice) {
        #expect(RouteAccess.outcome(authorization, own: own, resource: nil) == .allowed)
        #expect(RouteAccess.outcome(authorization, own: own, resource: .allow) == .allowed)
        #expect(RouteAccess.outcome(authorization, own: own, resource: .silent) == .implicitlyDenied)
        #expect(RouteAccess.outcome(authorization, own: own, resource: .deny) == .explicitlyDenied)
    }

    @Test("a private API without a resource policy refuses every call", arguments: RouteAuthorization.allCases)
    func isPrivate(_ authorization: RouteAuthorization) {
        let outcome = RouteAccess.outcome(authorization, own: .allow, resource: nil, isPrivate: true)
        #expect(outcome == .implicitlyDenied)
        #expect(RouteAccess.outcome(authorization, own: .allow, resource: .allow, isPrivate: true) == .allowed)
    }

    @Test("the table agrees with the layers of policies, for callers of both accounts")
    func agreesWithLayers() throws {
        let arn = "arn:aws:execute-api:us-east-1:123456789012:abc/test/GET/pets"
        let invoke = #""Action": "execute-api:Invoke", "Resource": "*""#
        func own(_ voice: PolicyVoice) throws -> [PolicySet] {
            switch voice {
            case .silent: []
            case .allow: [try policies(#"{"Effect": "Allow", \#(invoke)}"#)]
            case .deny: [try policies(#"{"Effect": "Deny", \#(invoke)}"#)]
            }
        }
        func resource(_ voice: PolicyVoice, _ caller: Caller) throws -> PolicySet {
            let effect = voice == .deny ? "Deny" : "Allow"
            let principal = voice == .silent ? "arn:aws:iam::123456789012:user/nobody" : caller.arn
            return try policies(
                #"{"Effect": "\#(effect)", "Principal": {"AWS": "\#(principal)"}, \#(invoke)}"#, as: .resource)
        }
        for caller in [Caller.dev, .stranger] {
            let request = AccessRequest(caller: caller, action: "execute-api:Invoke", resource: arn)
            for ownVoice in PolicyVoice.allCases {
                for resourceVoice in PolicyVoice.allCases {
                    let layers = PolicyLayers(
                        identity: try own(ownVoice), resource: try resource(resourceVoice, caller))
                    let outcome = RouteAccess.outcome(
                        .iam, own: ownVoice, resource: resourceVoice,
                        isSameAccount: caller.account == "123456789012")
                    #expect(layers.decision(request).outcome == outcome)
                    #expect(try resource(resourceVoice, caller).voice(request).voice == resourceVoice)
                    #expect(layers.identity.first.map { $0.voice(request).voice } ?? .silent == ownVoice)
                }
            }
        }
    }

    @Test("a refusal names the caller, hides the account, and says if it was a denial")
    func messages() {
        let arn = "arn:aws:execute-api:us-east-1:123456789012:abc/test/GET/pets"
        let masked = "arn:aws:execute-api:us-east-1:********9012:abc/test/GET/pets"
        let refusal = RouteRefusal.iam(.dev, resource: arn, .implicitlyDenied)
        #expect(refusal.member == "Message")
        #expect(
            refusal.message == "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: "
                + "execute-api:Invoke on resource: \(masked)")
        #expect(
            RouteRefusal.iam(.anonymous, resource: arn, .explicitlyDenied).message
                == "User: anonymous is not authorized to perform: execute-api:Invoke on resource: \(masked) "
                + "with an explicit deny")
        #expect(
            RouteRefusal.authorizer(.implicitlyDenied).message == "User is not authorized to access this resource")
        #expect(
            RouteRefusal.authorizer(.explicitlyDenied).message
                == "User is not authorized to access this resource with an explicit deny")
        #expect(RouteRefusal.masked("*") == "*")
    }

    @Test("the short form of an API's policy is expanded, and compared expanded")
    func expansion() throws {
        let short = try document(
            #"""
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
             "Resource": ["execute-api:/test/GET/pets", "execute-api:/*"]}]}
            """#, as: .resource)
        let long = try document(
            #"""
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"},
             "Action": ["execute-api:Invoke"], "Resource": ["arn:aws:execute-api:us-east-1:123456789012:abc/*",
             "arn:aws:execute-api:us-east-1:123456789012:abc/test/GET/pets"]}}
            """#, as: .resource)
        let expanded = short.expandingRoutes(region: "us-east-1", account: "123456789012", api: "abc")
        #expect(expanded == long)
        #expect(expanded != short)
        #expect(try document(expanded.value.text(.compact), as: .resource) == long)
    }
}
