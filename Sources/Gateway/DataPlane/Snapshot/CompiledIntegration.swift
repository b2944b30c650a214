import RequestModels

/// What a method does with a request.
struct CompiledIntegration: Sendable {
    enum Kind: Sendable {
        case mock
        /// Only mapped parameters go to the endpoint.
        case http(EndpointTemplate)
        /// Everything goes to the endpoint.
        case httpProxy(EndpointTemplate)
        /// The event is what the client sent, or what a template makes of it.
        case function(FunctionTarget)
        /// A service of AWS: only mapped parameters go to it.
        case service(ServiceTemplate)
        /// The event is the whole request, and the answer the whole response.
        case functionProxy(FunctionTarget)
    }

    enum Passthrough: String, Sendable {
        case whenNoMatch = "WHEN_NO_MATCH"
        case whenNoTemplates = "WHEN_NO_TEMPLATES"
        case never = "NEVER"
    }

    enum ContentHandling: String, Sendable {
        case toBinary = "CONVERT_TO_BINARY"
        case toText = "CONVERT_TO_TEXT"
    }

    var kind: Kind
    /// The private link that leads to the endpoint; nil for one that is called by its own address.
    var linkID: String?
    /// Nil: the method of the request.
    var httpMethod: String?
    var parameters: [RequestMapping]
    var templates: CompiledTemplates
    var passthrough: Passthrough
    var contentHandling: ContentHandling?
    /// Milliseconds.
    var timeout: Int
    var responses: [CompiledResponse]
    /// The answer, when nothing of a request can change it.
    var fixed: FixedResponse?

    /// The response whose pattern matches all of `text`: the lowest status wins; else the one without a pattern.
    func response(for text: String) -> CompiledResponse? {
        responses.first { $0.pattern?.matchesWhole(text) ?? false } ?? defaultResponse
    }

    /// The one without a pattern.
    var defaultResponse: CompiledResponse? { responses.first { $0.pattern == nil } }

    /// True if the mappings read the body.
    var mapsBody: Bool { parameters.contains { if case .requestBody = $0.source { true } else { false } } }
}

/// One integration response.
struct CompiledResponse: Sendable {
    var status: Int
    /// Nil: the default.
    var pattern: TextPattern?
    var mappings: [ResponseMapping]
    var templates: CompiledTemplates
    var contentHandling: CompiledIntegration.ContentHandling?
}

/// An answer that is the same for every request, down to its bytes.
package final class FixedResponse: Sendable {
    package let response: ExchangeResponse
    /// Status line, headers and Content-Length; the headers of the single request and the empty line are missing.
    let headBytes: [UInt8]

    init(_ response: ExchangeResponse) {
        self.response = response
        var writer = HeadWriter()
        writer.start(status: response.status)
        writer.append(response.headers)
        if HeadWriter.mayHaveBody(response.status) { writer.append("Content-Length", String(response.body.count)) }
        headBytes = writer.bytes
    }
}
