import Diagnostics
import JSON
import OpenAPI
import Resources
import YAML

/// `GetExport`: what a stage serves, as an OpenAPI document.
enum DefinitionExports {
    static let operations: [Operation] = [
        Operation("GetExport", "GET", "/restapis/{api}/stages/{id}/exports/{type}", status: 200, handler: export)
    ]

    private static func export(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        guard let stage = api[.stage, call.key], let snapshot = api.snapshots[stage.string("deploymentId") ?? ""]
        else { throw .unknownStage }
        let type = call.path["type"] ?? ""
        guard let format = ExportOptions.Format(rawValue: type) else {
            throw .badRequest("No API exporter for type '\(type)'")
        }
        let notation = try notation(call)
        var options = ExportOptions(format: format, extensions: try extensions(call))
        let host = "\(api.id).execute-api.\(call.environment.region).amazonaws.com"
        options.server = ExportOptions.Server(host: host, stage: call.key)

        var definition = DefinitionForm.definition(of: snapshot)
        let version = stage.string("documentationVersion").flatMap { api[.documentationVersion, $0] }
        definition = APIDefinition(
            attributes: definition.attributes, objects: definition.objects + parts(of: api, version),
            documentationVersion: version?.string("version"))
        options.documentationCreated = version?["createdDate"]?.int.map { .string(text(of: $0)) }
        // An API without a version of its own is called by the moment that it was made.
        let name =
            definition.attributes.string("version") ?? text(of: snapshot.api["createdDate"]?.int ?? 0)
        definition.attributes["version"] = .string(name)

        let document = OpenAPIWriter.export(definition, options)
        let bytes = notation == "yaml" ? Array(YAMLWriter.text(document).utf8) : document.bytes(.pretty)
        return .payload(
            bytes, contentType: "application/octet-stream",
            disposition: "attachment; filename=\"\(format.rawValue)_\(fileName(name)).\(notation)\"")
    }

    private static func notation(_ call: Call) throws(ServiceError) -> String {
        let accepted = (call.accept ?? "*/*").split(separator: ",").map {
            $0.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        }
        for type in accepted {
            switch type {
            case "application/json", "application/*", "*/*": return "json"
            case "application/yaml", "application/x-yaml", "text/yaml": return "yaml"
            default: continue
            }
        }
        throw .badRequest("Invalid Accept header specified. Must be one of: [application/json, application/yaml]")
    }

    private static func extensions(_ call: Call) throws(ServiceError) -> Set<ExportOptions.Extension> {
        var result: Set<ExportOptions.Extension> = []
        for text in call.query["extensions"] ?? [] {
            for word in text.split(separator: ",").map({ $0.filter { $0 != " " } }) {
                guard let known = ExportOptions.Extension(rawValue: word) else {
                    throw .badRequest(
                        "Invalid extensions parameter specified. Must be one of: "
                            + "[apigateway, integrations, authorizers, documentation]")
                }
                result.insert(known)
            }
        }
        return result
    }

    /// Those of the stage's version of the documentation; as they are now where it has none.
    private static func parts(of api: API, _ version: JSONObject?) -> [DefinitionObject] {
        let documents = version?["parts"]?.array?.compactMap(\.object) ?? api.all(.documentationPart).map(\.document)
        return documents.map { document in
            DefinitionObject(
                kind: .documentationPart, key: ServiceForm.documentationKey(document),
                document: ServiceForm.documentationPart(document))
        }
    }

    /// A file name of one part, whatever the API calls its version.
    private static func fileName(_ version: String) -> String {
        String(
            version.unicodeScalars.map { $0.value < 0x20 || "\"/\\".unicodeScalars.contains($0) ? "_" : Character($0) })
    }

    /// `2026-01-31T12:00:00Z`
    private static func text(of seconds: Int) -> String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let date = CivilDate(daysSince1970: days)
        let rest = seconds - days * 86_400
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
    }
}
