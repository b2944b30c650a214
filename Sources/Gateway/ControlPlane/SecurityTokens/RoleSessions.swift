import IAMPolicy
import JSON

/// `AssumeRole`: a role's permissions for a while, for those whom its trust policy lets.
enum RoleSessions {
    private static let tagKeys = Shape.Member.optional("TransitiveTagKeys", .shortList(.tagKey, max: 50))

    static let operations: [QueryOperation] = [
        QueryOperation(
            "AssumeRole", of: .sts, on: .arn("RoleArn"),
            [
                SessionInput.roleARN, SessionInput.sessionName, SessionInput.policyARNs, SessionInput.policy,
                SessionInput.duration(43200), .tags, tagKeys,
                .optional("ExternalId", .text(2, 1224, .externalID)),
                .optional("SerialNumber", .text(9, 256, .serialNumberOrNone)),
                .optional("TokenCode", .text(6, 6, .digitsOrNone)),
                .optional("SourceIdentity", .text(2, 64, .nameOrNone)),
            ], assume)
    ]

    private static func assume(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let identity = workspace.identity
        let arn = call.text("RoleArn")
        let refused = ServiceError.notAuthorized(call.caller.arn(call.accountID), "sts:AssumeRole", arn)
        // The root cannot take a role on, and a role that is not there is refused like one that is not trusted.
        guard call.caller.who != .root else {
            throw .query(403, "AccessDenied", "Roles may not be assumed by root accounts.")
        }
        guard let role = identity.find(.role, arn: arn, call.accountID) else { throw refused }
        let isChained = call.caller.session.map { if case .role = $0.subject { true } else { false } } ?? false
        let seconds = call.input["DurationSeconds"]?.int ?? 3600
        if isChained, seconds > 3600 {
            throw .validationError(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        try checkDuration(seconds, of: role)
        var session = Session(
            .role(id: role.id, name: call.text("RoleSessionName")), issued: call.now, seconds: seconds)
        session.isMFA = try SessionInput.provesMFA(call, identity)
        inherit(from: call.caller.session, into: &session)
        let packed = try SessionInput.read(call, into: &session, identity)
        if let source = call["SourceIdentity"] {
            guard session.sourceIdentity == nil || session.sourceIdentity == source else { throw refused }
            session.sourceIdentity = source
        }
        let trust = call.authorization.cache.set(TrustPolicies.shown(role, identity, call.accountID), as: .trust)
        var context = call.environment.context.adding(factsOf: call.caller, identity)
        context["sts:ExternalId"] = call["ExternalId"].map { [$0] }
        context.set("sts:RoleSessionName", call.text("RoleSessionName"))
        context["sts:SourceIdentity"] = session.sourceIdentity.map { [$0] }
        context.set("aws:MultiFactorAuthPresent", session.isMFA ? "true" : "false")
        context.add(tags: try EntityTags.read(call), of: role, call)
        var layers = call.authorization.layers(of: call.caller, identity)
        layers.resource = trust
        layers.resourceMustAllow = true
        var actions = ["sts:AssumeRole"]
        if call.input["Tags"]?.array?.isEmpty == false { actions.append("sts:TagSession") }
        if call["SourceIdentity"] != nil { actions.append("sts:SetSourceIdentity") }
        for action in actions {
            let decision = layers.decision(
                AccessRequest(
                    caller: call.caller.caller(call.accountID), action: action, resource: arn,
                    resourceAccount: call.accountID, context: context))
            guard decision.isAllowed else {
                throw .notAuthorized(
                    call.caller.arn(call.accountID), action, arn,
                    decision.outcome == .explicitlyDenied ? " with an explicit deny" : "")
            }
        }
        return try result(session, role, packed, call)
    }

    /// - Throws: `ValidationError` past what the role allows.
    static func checkDuration(_ seconds: Int, of role: Entity) throws(ServiceError) {
        guard seconds <= Roles.maxSession(role) else {
            throw .validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
    }

    static func result(
        _ session: Session, _ role: Entity, _ packed: Int?, _ call: QueryCall
    ) throws(ServiceError) -> JSONObject {
        guard case .role(_, let name) = session.subject else { throw .internalFailure }
        let caller = Caller.session(ofRole: role.arn(call.accountID), name: name, roleID: role.id)
        var result: JSONObject = [
            "Credentials": try session.credentials(call.sealing),
            "AssumedRoleUser": ["AssumedRoleId": .string("\(role.id):\(name)"), "Arn": .string(caller.arn)],
        ]
        result["PackedPolicySize"] = packed.map { .number(JSONNumber($0)) }
        result["SourceIdentity"] = session.sourceIdentity.map { .string($0) }
        return result
    }

    /// Transitive tags and the source identity go along a chain of roles.
    private static func inherit(from old: Session?, into session: inout Session) {
        guard let old else { return }
        let keys = Set(old.transitiveKeys.map { $0.lowercased() })
        session.tags = old.tags.filter { keys.contains($0.key.lowercased()) }
        session.transitiveKeys = old.transitiveKeys
        session.sourceIdentity = old.sourceIdentity
    }
}

extension RequestContext {
    /// The keys of a session's tags and of the role that it is of.
    mutating func add(tags: [Entity.Tag], of role: Entity, _ call: QueryCall) {
        for tag in tags { set("aws:RequestTag/\(tag.key)", tag.value) }
        self["aws:TagKeys"] = tags.map(\.key)
        self["sts:TransitiveTagKeys"] = call.texts("TransitiveTagKeys")
        for tag in role.tags {
            set("aws:ResourceTag/\(tag.key)", tag.value)
            set("iam:ResourceTag/\(tag.key)", tag.value)
        }
    }
}
