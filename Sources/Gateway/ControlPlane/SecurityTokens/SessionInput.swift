import IAMPolicy
import JSON

/// Parameters that several operations of STS share, and what they come to.
enum SessionInput {
    /// Bytes of all policies and tags of a session together, which the service packs.
    static let packedBytesMax = 2048

    static let policy = Shape.Member.optional("Policy", .text(1, 131_072, .latin))
    static let policyARNs = Shape.Member.optional(
        "PolicyArns", .shortList(.structure([.optional("arn", .text(20, 2048, .printable))]), max: 10))
    static let roleARN = Shape.Member.required("RoleArn", .text(20, 2048, .printable))
    static let sessionName = Shape.Member.required("RoleSessionName", .text(2, 64, .nameOrNone))

    static func duration(_ most: Int) -> Shape.Member { .optional("DurationSeconds", .number(900...most)) }

    /// Puts session policies and tags into the session.
    ///
    /// - Throws: `MalformedPolicyDocument`, `PackedPolicyTooLarge`.
    /// - Returns: The percentage of what a session may carry.
    static func read(
        _ call: QueryCall, into session: inout Session, _ identity: IdentityDirectory
    ) throws(ServiceError) -> Int? {
        if let text = call["Policy"] {
            try PolicyDocuments.check(text, as: .session)
            session.policies = [text]
        }
        for descriptor in call.input["PolicyArns"]?.array ?? [] {
            let arn = descriptor["arn"]?.string ?? ""
            guard ManagedPolicies.exists(arn, identity, call.accountID) else {
                throw .malformedPolicy("Policy \(arn) does not exist or is not attachable.")
            }
            session.policyARNs.append(arn)
        }
        let tags = try EntityTags.read(call)
        session.tags.removeAll { old in tags.contains { $0.key.lowercased() == old.key.lowercased() } }
        session.tags += tags
        session.transitiveKeys += call.texts("TransitiveTagKeys")
        let size =
            session.policies.reduce(0) { $0 + PolicyDocuments.size($1) }
            + session.policyARNs.reduce(0) { $0 + $1.utf8.count }
            + session.tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= packedBytesMax else {
            throw .query(
                400, "PackedPolicyTooLarge",
                "Serialized token too large for session: \(size) of \(packedBytesMax) bytes")
        }
        return size == 0 ? nil : max(1, size * 100 / packedBytesMax)
    }

    /// True when the request proves a device of the user; nil when it names none.
    static func provesMFA(_ call: QueryCall, _ identity: IdentityDirectory) throws(ServiceError) -> Bool {
        guard let serial = call["SerialNumber"] else { return call.caller.session?.isMFA ?? false }
        guard let user = call.caller.user(identity), let code = call["TokenCode"],
            let device = identity.find(.mfaDevice, arn: serial, call.accountID), device.owner == user.id,
            MFADevices.accepts(code, of: device, call.sealing, now: call.now)
        else {
            throw .query(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")
        }
        return true
    }
}
