import Diagnostics
import JSON
import Resources

/// Where the permissions of a function say that calls must come from: Lambda refuses what is no ARN and no account.
enum PermissionSources {
    static func check(_ function: ObjectManifest) -> [Diagnostic] {
        let (values, spec) = (function.checked.values, function.checked.spec)
        let place = function.document.nameSpan
        var found = check(values["permissions"], spec["permissions"], place)
        for (name, alias) in values["aliases"]?.object ?? [:] {
            found += check(alias["permissions"], spec["aliases"]?[name]?["permissions"], place)
        }
        return found
    }

    private static func check(_ permissions: JSONValue?, _ node: Node?, _ place: SourceSpan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (name, permission) in permissions?.object ?? [:] {
            func refuse(_ field: String, _ text: String, _ remedy: String) {
                found.append(
                    Diagnostic(
                        .error, ManifestCode.badPattern,
                        "`\(field)` of the permission `\(name)` cannot be `\(text.shortened)`",
                        at: node?[name]?[field]?.span ?? place, remedy: remedy))
            }
            if let source = permission["sourceArn"]?.string, !isARN(source) {
                refuse(
                    "sourceArn", source,
                    "write an ARN: `arn:aws:execute-api:REGION:ACCOUNT:${RestApi/NAME.id}/*` for every route of an API")
            }
            if let account = permission["sourceAccount"]?.string, !isAccount(account) {
                refuse("sourceAccount", account, "write the 12 digits of an account")
            }
        }
        return found
    }

    /// What a variable or a reference gives is not known yet; but a reference to an id or a name gives no ARN.
    private static func isARN(_ text: String) -> Bool {
        guard !Substitution.hasUnset(text) else { return true }
        if text.hasPrefix("${"), let first = JSONValue.string(text).references.first {
            return first.attribute.lowercased().hasSuffix("arn")
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[1].hasPrefix("aws") && !parts[2].isEmpty
            && !parts[5].isEmpty
    }

    private static func isAccount(_ text: String) -> Bool {
        text.contains("${") || text.utf8.count == 12 && text.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }
}
