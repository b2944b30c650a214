import Diagnostics
import JSON
import MappingTemplates
import Resources

/// Parses every mapping template of a graph, so that a mistake in one is found before anything is applied.
enum TemplateCheck {
    static func check(_ graph: DesiredGraph) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for resource in graph.resources where resource.address.kind == .method {
            guard let integration = resource.document["integration"] else { continue }
            for (mediaType, template) in integration["requestTemplates"]?.object ?? [:] {
                check(template, "the request template for `\(mediaType)`", resource, &found)
            }
            for (status, response) in integration["integrationResponses"]?.object ?? [:] {
                for (mediaType, template) in response["responseTemplates"]?.object ?? [:] {
                    check(template, "the response template of \(status) for `\(mediaType)`", resource, &found)
                }
            }
        }
        return found
    }

    private static func check(
        _ template: JSONValue, _ what: String, _ resource: DesiredResource, _ found: inout [Diagnostic]
    ) {
        guard let text = template.string else { return }
        do {
            _ = try MappingTemplate(parsing: text)
        } catch {
            found.append(
                Diagnostic(
                    .error, error.code,
                    "\(what) of `\(resource.address.key)`, line \(error.line), column \(error.column): \(error.message)",
                    at: resource.span))
        }
    }
}
