import JSON
import MappingTemplates

/// A mapping template for one content type.
enum CompiledTemplate: Sendable {
    /// A template of null: the payload passes.
    case passthrough
    /// Text without a reference or a directive: nothing to render.
    case constant(String)
    case rendered(MappingTemplate)

    init(_ value: JSONValue) throws(CompileStop) {
        guard let text = value.string, !text.isEmpty else {
            self = .passthrough
            return
        }
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "#") }) else {
            self = .constant(text)
            return
        }
        do {
            self = .rendered(try MappingTemplate(parsing: text))
        } catch {
            throw CompileStop(
                .template,
                "a mapping template cannot be parsed: \(error.message) (line \(error.line), column \(error.column))")
        }
    }

    var isRendered: Bool { if case .rendered = self { true } else { false } }
}

/// Templates by content type, in the order written.
struct CompiledTemplates: Sendable {
    private(set) var entries: [(contentType: String, template: CompiledTemplate)] = []

    init(_ document: JSONValue?) throws(CompileStop) {
        for member in document?.object?.members ?? [] {
            entries.append((MediaTypes.essence(member.name), try CompiledTemplate(member.value)))
        }
    }

    var isEmpty: Bool { entries.isEmpty }

    subscript(contentType: String) -> CompiledTemplate? {
        entries.first { $0.contentType == contentType }?.template
    }

    /// For a response: the first type of `accept` that has a template, else the first template there is.
    ///
    /// - Parameter accept: Header value; nil counts as application/json.
    func choice(accept: String?) -> CompiledTemplate? {
        guard entries.count > 1 else { return entries.first?.template }
        for range in (accept ?? "application/json").split(separator: ",") {
            if let template = self[MediaTypes.essence(String(range))] { return template }
        }
        return entries.first?.template
    }
}
