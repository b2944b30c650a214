import Diagnostics
import JSON
import Resources

/// A function, its aliases and its permissions: each of these is an object, so that a permission can wait for the API
/// that it names while that waits for the function, and an alias for the function's new code.
enum FunctionExpansion {
    static func resources(_ function: DesiredResource, _ code: CodeArchive?) -> [DesiredResource] {
        guard var document = function.document.object else { return [function] }
        let aliases = document["aliases"]?.object ?? [:]
        let permissions = document["permissions"]?.object ?? [:]
        document["aliases"] = JSONValue?.none
        document["permissions"] = JSONValue?.none
        if let code { document["code"] = .string(code.hash) }
        var own = function
        own.document = .object(document)
        own.dependencies = dependencies(of: own.document)
        let name = SymbolicReference(address: function.address, attribute: "name").description
        func part(_ kind: ResourceKind, _ key: String, _ fields: JSONObject) -> DesiredResource {
            var fields = fields
            fields["function"] = .string(name)
            let normal = KindTable.object(kind)?.normalForm(of: .object(fields)) ?? .object(fields)
            return DesiredResource(
                address: Address(kind, in: function.address.root, key), document: normal,
                dependencies: dependencies(of: normal), span: function.span)
        }
        var parts = permissions.map { part(.permission, $0.name, $0.value.object ?? [:]) }
        for (name, alias) in aliases {
            var fields = alias.object ?? [:]
            let permissions = fields["permissions"]?.object ?? [:]
            fields["permissions"] = JSONValue?.none
            if fields["version"] == nil { fields["content"] = content(of: document) }
            let made = part(.alias, name, fields)
            let qualifier = SymbolicReference(address: made.address, attribute: "name").description
            parts.append(made)
            parts += permissions.map { id, permission in
                var fields = permission.object ?? [:]
                fields["qualifier"] = .string(qualifier)
                return part(.permission, "\(name) \(id)", fields)
            }
        }
        return [own] + parts
    }

    /// What a version of the function holds.
    private static func content(of function: JSONObject) -> JSONValue {
        guard case .structure(let fields) = KindTable.object(.alias)?.field("content")?.type else { return .null }
        return .object(function.keeping(fields.map(\.name)))
    }

    private static func dependencies(of document: JSONValue) -> [Address] {
        var found: [Address] = []
        for reference in document.references where !found.contains(reference.address) {
            found.append(reference.address)
        }
        return found
    }

    /// SOURCE: Lambda developer guide, "Lambda runtimes", read 2026-10-20; with those that are no longer supported.
    private static let runtimes: Set<String> = [
        "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.8", "python3.9", "python3.10", "python3.11",
        "python3.12", "python3.13", "python3.14", "java8.al2", "java11", "java17", "java21", "java25", "dotnet6",
        "dotnet8", "dotnet9", "dotnet10", "ruby3.2", "ruby3.3", "ruby3.4", "go1.x", "provided", "provided.al2",
        "provided.al2023",
    ]

    /// - Parameter target: `spec.target` of the environment.
    static func check(_ function: ObjectManifest, on target: JSONValue) -> [Diagnostic] {
        runtime(function, on: target) + aliases(function) + PermissionSources.check(function)
    }

    /// Names that are numbers, and versions that are none.
    private static func aliases(_ function: ObjectManifest) -> [Diagnostic] {
        let span = function.checked.spec["aliases"]?.span ?? function.document.nameSpan
        var found: [Diagnostic] = []
        for (name, alias) in function.checked.values["aliases"]?.object ?? [:] {
            if name.allSatisfy(\.isNumber) {
                found.append(
                    Diagnostic(
                        .error, ManifestCode.badPattern, "an alias cannot be called `\(name)`, as a version is",
                        at: span,
                        remedy: "give it a name with a letter in it: `live`"))
            }
            guard let version = alias["version"]?.string, !Substitution.hasUnset(version) else { continue }
            let isNumber = Int(version).map { $0 > 0 && "\($0)" == version } ?? false
            if !isNumber, version != "$LATEST" {
                found.append(
                    Diagnostic(
                        .error, ManifestCode.badPattern,
                        "`version` of the alias `\(name)` cannot be `\(version.shortened)`", at: span,
                        remedy: "write the number of a version, or `$LATEST`; leave it out for what the commit says"))
            }
            if version == "$LATEST", alias["additionalVersionWeights"]?.object?.isEmpty == false {
                found.append(
                    Diagnostic(
                        .error, ManifestCode.badPattern,
                        "the alias `\(name)` cannot share calls between `$LATEST` and a version", at: span,
                        remedy: "point it to a version, or remove `additionalVersionWeights`"))
            }
        }
        return found
    }

    private static func runtime(_ function: ObjectManifest, on target: JSONValue) -> [Diagnostic] {
        guard let runtime = function.checked.values["runtime"]?.string, !Substitution.hasUnset(runtime) else {
            return []
        }
        let span = function.checked.spec["runtime"]?.span ?? function.document.nameSpan
        if runtimes.contains(runtime) {
            let isRun = runtime.hasPrefix("provided") || runtime.hasPrefix("python") || target["engine"] == nil
            return isRun
                ? []
                : [
                    Diagnostic(
                        .warning, ManifestCode.runtimeNotRun,
                        "the engine runs no `\(runtime)`: every call of `\(function.document.title)` will fail",
                        at: span,
                        remedy: "deliver an executable `bootstrap` for `provided.al2023`, or deploy to AWS")
                ]
        }
        let near = Suggestion.nearest(to: runtime, among: runtimes.sorted()).map { "did you mean `\($0)`?" }
        return [
            Diagnostic(
                .warning, ManifestCode.unknownRuntime, "the runtime `\(runtime.shortened)` is not known here",
                at: span,
                remedy: near ?? "leave it if the target has it")
        ]
    }
}
