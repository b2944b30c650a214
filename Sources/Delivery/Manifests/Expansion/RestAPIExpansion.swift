import Diagnostics
import JSON
import OpenAPI
import Resources

/// A manifest and its definition to objects in normal form.
struct RestAPIExpansion: Sendable {
    private let manifest: RestAPIManifest
    private let definition: APIDefinition
    private let root: String
    private let address: Address
    private(set) var resources: [DesiredResource] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(_ manifest: RestAPIManifest, _ definition: APIDefinition) {
        self.manifest = manifest
        let cors = CORSRules(manifest, definition)
        self.definition = cors.definition
        diagnostics = cors.diagnostics
        root = manifest.document.name
        address = Address(.restAPI, root)
        resources.reserveCapacity(self.definition.objects.count + 4)
        add(address, attributes(), span: manifest.document.nameSpan)
        addDefinition()
        addStages()
    }

    private mutating func add(
        _ address: Address, _ document: JSONObject, dependencies: [Address] = [], span: SourceSpan?
    ) {
        let value = JSONValue.object(document)
        let normal = KindTable.object(address.kind)?.normalForm(of: value) ?? value
        resources.append(DesiredResource(address: address, document: normal, dependencies: dependencies, span: span))
    }

    // MARK: The API

    private static let manifestOnly: Set<String> = ["cors", "definition", "deploymentDescription", "stages"]

    /// What the document says, the manifest's own members winning.
    private mutating func attributes() -> JSONObject {
        var result = definition.attributes
        result["name"] = .string(root)
        for (name, value) in manifest.values where !Self.manifestOnly.contains(name) {
            if name == "endpointConfiguration", let own = value.object, let theirs = result[name]?.object {
                noteIfOverridden(
                    "endpointConfiguration", .object(own.merged(over: theirs, onlyCommon: true)), theirs: result[name])
                result[name] = .object(own.merged(over: theirs))
            } else {
                if name != "name" { noteIfOverridden(name, value, theirs: result[name]) }
                result[name] = value
            }
        }
        return result
    }

    private mutating func noteIfOverridden(_ name: String, _ own: JSONValue, theirs: JSONValue?) {
        guard let theirs, let schema = KindTable.object(.restAPI),
            schema.normalForm(of: .object([name: own]))[name] != schema.normalForm(of: .object([name: theirs]))[name]
        else { return }
        diagnostics.append(
            Diagnostic(
                .note, ManifestCode.definitionOverridden,
                "`spec.\(name)` of `\(address)` differs from what its definition says, and counts",
                at: manifest.spec.member(name)?.nameSpan, remedy: "remove it here or there"))
    }

    // MARK: The definition

    private mutating func addDefinition() {
        let known = Set(definition.objects.map { Address($0.kind, in: root, $0.key) })
        for object in definition.objects {
            let own = Address(object.kind, in: root, object.key)
            let needed = dependencies(of: object).filter { known.contains($0) }
            // OpenAPI gives documents in normal form already.
            resources.append(
                DesiredResource(
                    address: own, document: object.document, dependencies: [address] + needed, span: object.span))
        }
        guard let version = documentationVersion else { return }
        // Of its document, the fingerprint of the parts, nothing is known before a plan.
        resources.append(
            DesiredResource(
                address: version, document: [:],
                dependencies: [address] + known.filter { $0.kind == .documentationPart }.sorted(),
                span: definition.documentationVersionSpan))
    }

    private var documentationVersion: Address? {
        definition.documentationVersion.map { Address(.documentationVersion, in: root, $0) }
    }

    private func dependencies(of object: DefinitionObject) -> [Address] {
        switch object.kind {
        case .resource:
            guard object.key != "/", let slash = object.key.lastIndex(of: "/") else { return [] }
            let parent = object.key[..<slash]
            return [Address(.resource, in: root, parent.isEmpty ? "/" : String(parent))]
        case .method: return methodDependencies(object)
        default: return []
        }
    }

    private func methodDependencies(_ object: DefinitionObject) -> [Address] {
        let path = object.key.firstIndex(of: " ").map { String(object.key[object.key.index(after: $0)...]) } ?? "/"
        var needed = [Address(.resource, in: root, path)]
        var models: [String] = object.document["requestModels"]?.object?.compactMap(\.value.string) ?? []
        for (_, response) in object.document["methodResponses"]?.object ?? JSONObject() {
            models += response["responseModels"]?.object?.compactMap(\.value.string) ?? []
        }
        for model in Set(models).sorted() { needed.append(Address(.model, in: root, model)) }
        if let name = object.document["requestValidator"]?.string {
            needed.append(Address(.requestValidator, in: root, name))
        }
        if let name = object.document["authorizer"]?.string { needed.append(Address(.authorizer, in: root, name)) }
        return needed
    }

    // MARK: Stages

    private mutating func addStages() {
        guard let stages = manifest.values["stages"]?.object, !stages.isEmpty else {
            noteUnusedDescription()
            return
        }
        addDeployment()
        let methods = MethodIndex(definition.objects)
        let place = manifest.spec.member("stages")
        if methods.isEmpty {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.stageWithoutMethod, "`\(address)` has stages and no method",
                    at: place?.nameSpan, remedy: "add a path to its definition, or remove the stages"))
        }
        let nodes = place?.value.byName ?? [:]
        for (name, value) in stages {
            var document = value.object ?? JSONObject()
            let node = nodes[name]
            if let settings = document["methodSettings"]?.object {
                document["methodSettings"] = .object(keyed(settings, methods, node?.value["methodSettings"]))
            }
            // Empty text says that the stage publishes no documentation.
            if document["documentationVersion"] == nil, let version = documentationVersion {
                document["documentationVersion"] = .string(version.key)
            }
            let needed = [documentationVersion].compactMap(\.self).filter {
                document["documentationVersion"]?.string == $0.key
            }
            add(
                Address(.stage, in: root, name), document, dependencies: [address] + needed,
                span: node?.nameSpan ?? manifest.document.nameSpan)
        }
    }

    /// Of the deployment only its description is written by users; its fingerprint is not known before a plan.
    private mutating func addDeployment() {
        guard let description = manifest.values["deploymentDescription"] else { return }
        add(
            Address(.deployment, root), ["description": description], dependencies: [address],
            span: manifest.spec.member("deploymentDescription")?.nameSpan)
    }

    private mutating func noteUnusedDescription() {
        guard let member = manifest.spec.member("deploymentDescription") else { return }
        diagnostics.append(
            Diagnostic(
                .warning, ManifestCode.deploymentUnused,
                "`\(address)` describes its deployment and has no stage, so that there is none", at: member.nameSpan,
                remedy: "add a stage, or remove `deploymentDescription`"))
    }

    /// The settings under the service's own keys.
    private mutating func keyed(_ settings: JSONObject, _ methods: MethodIndex, _ node: Node?) -> JSONObject {
        var result = JSONObject()
        let nodes = node?.byName ?? [:]
        for (text, value) in settings {
            let span = nodes[text]?.nameSpan
            guard let key = MethodSettingKey(text: text), methods.contains(key) else {
                // Of an API with thousands of methods only the first few slips get the search.
                let candidates = diagnostics.count < Limits.suggestions ? methods.keys : []
                let near = Suggestion.nearest(to: text, among: candidates).map { "did you mean `\($0)`?" }
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.unknownMethod, "`\(address)` has no method `\(text.shortened)`", at: span,
                        remedy: near ?? "write `*/*`, or a path, `/` and an HTTP method as in `pets/GET`"))
                continue
            }
            guard result[key.description] == nil else {
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.duplicateName, "`\(key)` has settings twice", at: span,
                        remedy: "keep one of the keys that mean the same method"))
                continue
            }
            result[key.description] = value
        }
        return result
    }
}

/// The methods of one API, for `methodSettings`.
private struct MethodIndex {
    private let methods: Set<MethodSettingKey>

    init(_ objects: [DefinitionObject]) {
        methods = Set(
            objects.lazy.filter { $0.kind == .method }.compactMap { object in
                guard let space = object.key.firstIndex(of: " ") else { return nil }
                let path = object.key[object.key.index(after: space)...]
                return MethodSettingKey(path: String(path), method: String(object.key[..<space]))
            })
    }

    var isEmpty: Bool { methods.isEmpty }
    var keys: [String] { methods.map(\.description) }

    /// `ANY` answers each method, so that settings of one of them mean something.
    func contains(_ key: MethodSettingKey) -> Bool {
        if key == .all || methods.contains(key) { return true }
        let verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"]
        return verbs.contains(key.method) && methods.contains(MethodSettingKey(path: key.path, method: "ANY"))
    }
}

extension Node {
    fileprivate var byName: [String: Member] {
        Dictionary((members ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension JSONObject {
    /// This object's members over another's.
    fileprivate func merged(over other: JSONObject, onlyCommon: Bool = false) -> JSONObject {
        var result = other
        for (name, value) in self where !onlyCommon || other[name] != nil { result[name] = value }
        return result
    }
}
