import Diagnostics
import JSON
import Resources

/// A function and its permissions: each of these is an object, so that it can wait for the API that it names while that
/// waits for the function.
enum FunctionExpansion {
    static func resources(_ function: DesiredResource, _ code: CodeArchive?) -> [DesiredResource] {
        guard var document = function.document.object else { return [function] }
        let permissions = document["permissions"]?.object ?? [:]
        document["permissions"] = JSONValue?.none
        if let code { document["code"] = .string(code.hash) }
        var own = function
        own.document = .object(document)
        own.dependencies = dependencies(of: own.document)
        let name = SymbolicReference(address: function.address, attribute: "name").description
        return [own]
            + permissions.map { id, permission in
                var fields: JSONObject = ["function": .string(name)]
                for (name, value) in permission.object ?? [:] { fields[name] = value }
                let address = Address(.permission, in: function.address.root, id)
                let normal =
                    KindTable.object(.permission)?.normalForm(of: .object(fields)) ?? .object(fields)
                return DesiredResource(
                    address: address, document: normal, dependencies: dependencies(of: normal), span: function.span)
            }
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

    static func check(_ function: ObjectManifest) -> [Diagnostic] {
        guard let runtime = function.checked.values["runtime"]?.string, !Substitution.hasUnset(runtime),
            !runtimes.contains(runtime)
        else { return [] }
        let near = Suggestion.nearest(to: runtime, among: runtimes.sorted()).map { "did you mean `\($0)`?" }
        return [
            Diagnostic(
                .warning, ManifestCode.unknownRuntime, "the runtime `\(runtime.shortened)` is not known here",
                at: function.checked.spec["runtime"]?.span ?? function.document.nameSpan,
                remedy: near ?? "leave it if the target has it")
        ]
    }
}
