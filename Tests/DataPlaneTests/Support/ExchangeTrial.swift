import Testing

@testable import DataPlane

/// Runs one request through the exchange without a server.
struct ExchangeTrial {
    var snapshot: StageSnapshot

    init(
        _ definition: StageDefinition, keys: APIKeyRegistry = APIKeyRegistry(),
        callers: CallerRegistry = CallerRegistry()
    ) {
        snapshot = StageSnapshot(compiling: definition, keys: keys, callers: callers)
    }

    enum Outcome {
        case answered(ExchangeResponse)
        /// What the endpoint would be sent, and the exchange that waits for its answer.
        case called(EndpointCall, Exchange)
        /// What the function would be sent, and the exchange that waits for its reply.
        case invoked(FunctionCall, Exchange)
    }

    static let identity = ExchangeIdentity(high: 0x1111, low: 0x2222, extended: 0x3333, milliseconds: 1_500_000_000_123)

    static func request(
        _ method: String, _ target: String, headers: [(String, String)] = [], host: String = "abc123.execute-api.test"
    ) -> ExchangeRequest {
        let bytes = Array(target.utf8)
        let question = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        return ExchangeRequest(
            method: method, rest: bytes[..<question],
            query: question < bytes.endIndex ? bytes[(question + 1)...] : [], authority: Array(host.utf8)[...],
            headers: HeaderFields(headers.map { (name: $0.0, value: $0.1) }), identity: identity,
            sourceIP: "192.0.2.7")
    }

    func run(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) -> Outcome {
        run(Self.request(method, target, headers: headers), body: body)
    }

    func run(_ request: ExchangeRequest, body: [UInt8] = []) -> Outcome {
        guard var exchange = snapshot.exchange(for: request) else {
            return .answered(snapshot.answer(to: .missingAuthenticationToken, for: request))
        }
        switch exchange.open() {
        case .fixed(let fixed): return .answered(fixed.response)
        case .authorize(let call): return .invoked(call, exchange)
        case .fetchKeys: return .answered(exchange.response(to: .authorizerFailure("keys are asked for")))
        case .respond(let response): return .answered(response)
        case .call(var call):
            if case .streamed(let isText) = call.body { call.body = .bytes(isText ? UTF8Repair.repaired(body) : body) }
            return .called(call, exchange)
        case .collect:
            switch exchange.proceed(body: body) {
            case .respond(let response): return .answered(response)
            case .call(let call): return .called(call, exchange)
            case .invoke(let call): return .invoked(call, exchange)
            }
        }
    }

    /// The answer of a request that calls no endpoint.
    func answer(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> ExchangeResponse {
        guard case .answered(let response) = run(method, target, headers: headers, body: Array(body.utf8)) else {
            throw Unexpected("an endpoint was called")
        }
        return response
    }

    func call(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) throws -> EndpointCall {
        switch run(method, target, headers: headers, body: body) {
        case .called(let call, _): return call
        case .answered(let response):
            throw Unexpected("answered \(response.status) \(response.error?.detail ?? response.text)")
        case .invoked(let call, _): throw Unexpected("`\(call.function)` was invoked")
        }
    }

    /// The answer to the client when the endpoint answers like that.
    func answer(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: String = "",
        endpoint: EndpointAnswer
    ) throws -> ExchangeResponse {
        switch run(method, target, headers: headers, body: Array(body.utf8)) {
        case .called(_, var exchange): return exchange.finish(endpoint)
        case .answered(let response):
            throw Unexpected("answered \(response.status) \(response.error?.detail ?? response.text)")
        case .invoked(let call, _): throw Unexpected("`\(call.function)` was invoked")
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

extension EndpointCall {
    var bodyBytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }
    var bodyText: String { String(decoding: bodyBytes, as: UTF8.self) }
}

extension EndpointAnswer {
    init(_ status: Int, _ body: String, _ headers: [(String, String)] = []) {
        self.init(
            status: status, headers: HeaderFields(headers.map { (name: $0.0, value: $0.1) }), body: Array(body.utf8))
    }
}
