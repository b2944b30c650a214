import IAMPolicy
import JSON

/// Trust policies are kept with the unique ids of the users and roles that they name, so that a principal that is
/// deleted and made again under its name is another one; they are shown with ARNs while those principals live.
///
/// - Note: Source: IAM user guide, "AWS JSON policy elements: Principal".
enum TrustPolicies {
    /// Characters of a trust policy.
    static let sizeMax = 2048

    static func stored(
        _ text: String, _ identity: IdentityDirectory, _ call: QueryCall
    ) throws(ServiceError) -> String {
        let policy = try PolicyDocuments.check(text, as: .trust)
        guard PolicyDocuments.size(text) <= sizeMax else { throw .limitExceeded("ACLSizePerRole", sizeMax) }
        return try rewritten(policy, text) { (principal) throws(ServiceError) in
            try id(of: principal, identity, call.accountID)
        }
    }

    /// The text with ARNs where the principals still live.
    static func shown(_ role: Entity, _ identity: IdentityDirectory, _ accountID: String) -> String {
        let text = role.detail("trust") ?? "{}"
        guard text.contains("\"AIDA") || text.contains("\"AROA") else { return text }
        do {
            guard let policy = try JSONValue(parsing: text).object else { return text }
            return try rewritten(policy, text) { (principal) throws(ServiceError) in
                identity.entity(id: principal)?.arn(accountID) ?? principal
            }
        } catch {
            return text
        }
    }

    /// A user or role of this account becomes its id; anything else stays.
    private static func id(
        of principal: String, _ identity: IdentityDirectory, _ accountID: String
    ) throws(ServiceError) -> String {
        if principal == accountID { return Principal.root.arn(accountID) }
        for kind in [EntityKind.user, .role] where principal.hasPrefix("arn:aws:iam::\(accountID):\(kind.arnType)/") {
            guard let entity = identity.find(kind, arn: principal, accountID) else {
                throw .malformedPolicy("Invalid principal in policy: \"AWS\":\"\(principal)\"")
            }
            return entity.id
        }
        return principal
    }

    /// - Returns: The text as it was when nothing changes.
    private static func rewritten(
        _ policy: JSONObject, _ text: String, _ change: (String) throws(ServiceError) -> String
    ) throws(ServiceError) -> String {
        var policy = policy
        var isChanged = false
        func principal(_ value: JSONValue) throws(ServiceError) -> JSONValue {
            guard let name = value.string else { return value }
            let new = try change(name)
            if new != name { isChanged = true }
            return .string(new)
        }
        func statement(_ value: JSONValue) throws(ServiceError) -> JSONValue {
            guard var object = value.object, var map = object["Principal"]?.object, let names = map["AWS"] else {
                return value
            }
            if let list = names.array {
                var new: [JSONValue] = []
                for name in list { new.append(try principal(name)) }
                map["AWS"] = .array(new)
            } else {
                map["AWS"] = try principal(names)
            }
            object["Principal"] = .object(map)
            return .object(object)
        }
        if let list = policy["Statement"]?.array {
            var new: [JSONValue] = []
            for value in list { new.append(try statement(value)) }
            policy["Statement"] = .array(new)
        } else if let one = policy["Statement"] {
            policy["Statement"] = try statement(one)
        }
        return isChanged ? JSONValue.object(policy).text(.compact) : text
    }
}
