import Diagnostics
import JSON
import Resources

/// What the `security` of a method comes to.
struct MethodSecurity {
    var authorizationType = "NONE"
    var authorizer: String?
    var scopes: [String] = []
    var apiKeyRequired = false
    /// The requirement that decides about callers, keys aside; and where it stands.
    var deciding: (name: String, place: Place)?
}

extension DocumentReading {
    /// What the operation asks for, or the document where the operation is silent.
    ///
    /// OpenAPI takes the elements of the list as alternatives. API Gateway has one authorization for a method, and asks
    /// for a key beside it wherever one is named: it exports both as elements of the list.
    mutating func security(of operation: Place) -> MethodSecurity {
        var result = MethodSecurity()
        let alternatives = elements(operation["security"] ?? root["security"])
        for requirement in alternatives {
            let names = members(requirement)
            if names.isEmpty, alternatives.count > 1, requirement.node.members != nil {
                manifestProblem(
                    .severalAuthorizers, "\(requirement.name) lets callers in who show nothing",
                    at: [requirement.node.span], remedy: "remove the empty alternative, or the others")
            }
            for (name, place) in names { apply(name, place, to: &result) }
        }
        if let auth = operation["x-amazon-apigateway-auth"] {
            checkNames(of: auth, known: ["type"], isStrict: true)
            if let type = word(auth["type"], among: ["NONE", "AWS_IAM"]) {
                result.authorizationType = type
                result.authorizer = nil
                result.scopes = []
            }
        }
        return result
    }

    private mutating func apply(_ name: String, _ place: Place, to result: inout MethodSecurity) {
        guard let scheme = schemes[name] else {
            let near = suggestion(for: name, among: schemes.keys.sorted())
            problem(
                .unknownName, "\(place.name) is no security scheme of the document", at: [place.nameSpan],
                remedy: near.map { "did you mean `\($0)`" } ?? "declare it, or remove the requirement")
            return
        }
        let scopes = texts(place)
        switch scheme.meaning {
        case .apiKey:
            result.apiKeyRequired = true
        case .iam:
            guard decides(name, place, &result) else { return }
            result.authorizationType = "AWS_IAM"
        case .authorizer(let authorizationType):
            guard decides(name, place, &result) else { return }
            result.authorizationType = authorizationType
            result.authorizer = name
            result.scopes = scopes
            if authorizationType == "COGNITO_USER_POOLS" { return }
        case .none:
            problem(
                .unenforcedSecurity, as: isManifest ? .error : .warning,
                "`\(name)` at \(place.name) is nothing that API Gateway enforces", at: [place.nameSpan, scheme.span],
                remedy: "remove it, or require an `x-api-key` header")
            return
        }
        guard !scopes.isEmpty else { return }
        manifestProblem(
            .unenforcedSecurity, "the scopes of `\(name)` at \(place.name) are nothing that API Gateway looks at",
            at: [place.node.span, scheme.span], remedy: "write `[]`: only user pools have scopes")
    }

    /// False, with a problem said, where another scheme decides already.
    private mutating func decides(_ name: String, _ place: Place, _ result: inout MethodSecurity) -> Bool {
        guard let other = result.deciding, other.name != name else {
            result.deciding = (name, place)
            return true
        }
        let method = current.map { "'\($0.method)' on resource at path '\($0.path)'" } ?? "the method"
        problem(
            .severalAuthorizers, "\(place.name) and `\(other.name)` both decide who may call the method",
            at: [place.nameSpan, other.place.nameSpan], remedy: "keep one of them; a method has one authorization",
            service: "Unable to put method \(method): Multiple authorizers are not supported")
        return false
    }
}
