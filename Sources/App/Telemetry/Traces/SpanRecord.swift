package import JSON
package import Tracing

/// A span that has ended.
package struct SpanRecord: Sendable {
    package var context: TraceContext
    package var parentID: String?
    package var name: String
    package var kind: SpanKind
    package var start: UInt64
    package var end: UInt64
    package var attributes: [(String, JSONValue)]
    package var events: [(name: String, time: UInt64, attributes: [(String, JSONValue)])]
    /// The message of an error; empty for one without; nil when all went well.
    package var error: String?

    /// - Parameters:
    ///   - start: Nanoseconds since 1970, as `end`.
    package init(
        context: TraceContext, parentID: String?, name: String, kind: SpanKind, start: UInt64, end: UInt64,
        attributes: [(String, JSONValue)] = [],
        events: [(name: String, time: UInt64, attributes: [(String, JSONValue)])] = [],
        error: String? = nil
    ) {
        self.context = context
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
        self.attributes = attributes
        self.events = events
        self.error = error
    }
}

/// The body of an export.
///
/// SOURCE: OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding": ids as hex digits, enums as numbers, 64-bit integers as
/// strings, names in lowerCamelCase.
package enum OTLPDocument {
    package static func traces(_ spans: [SpanRecord], service: String, version: String) -> JSONValue {
        [
            "resourceSpans": [
                [
                    "resource": [
                        "attributes": attributes([
                            ("service.name", .string(service)), ("service.version", .string(version)),
                        ])
                    ],
                    "scopeSpans": [
                        [
                            "scope": ["name": "gatewright", "version": .string(version)],
                            "spans": .array(spans.map(span)),
                        ]
                    ],
                ]
            ]
        ]
    }

    private static func span(_ span: SpanRecord) -> JSONValue {
        var document: JSONObject = [
            "traceId": .string(span.context.traceID), "spanId": .string(span.context.spanID),
            "name": .string(span.name),
            "kind": .number(JSONNumber(kind(span.kind))), "startTimeUnixNano": .string("\(span.start)"),
            "endTimeUnixNano": .string("\(span.end)"),
        ]
        document["parentSpanId"] = span.parentID.map { .string($0) }
        if !span.attributes.isEmpty { document["attributes"] = attributes(span.attributes) }
        if !span.events.isEmpty {
            document["events"] = .array(
                span.events.map { event in
                    [
                        "timeUnixNano": .string("\(event.time)"), "name": .string(event.name),
                        "attributes": attributes(event.attributes),
                    ]
                })
        }
        // STATUS_CODE_ERROR
        if let error = span.error {
            document["status"] = error.isEmpty ? ["code": 2] : ["code": 2, "message": .string(error)]
        }
        return .object(document)
    }

    /// SPAN_KIND_INTERNAL is 1.
    private static func kind(_ kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    private static func attributes(_ attributes: [(String, JSONValue)]) -> JSONValue {
        .array(attributes.prefix(Limits.attributesMax).map { ["key": .string($0.0), "value": value($0.1)] })
    }

    private static func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .bool: ["boolValue": value]
        case .number(let number): number.int.map { ["intValue": .string("\($0)")] } ?? ["doubleValue": value]
        case .string(let text):
            [
                "stringValue": .string(
                    text.utf8.count <= Limits.attributeBytesMax ? text : String(text.prefix(256)) + "…")
            ]
        case .array(let elements): ["arrayValue": ["values": .array(elements.map(Self.value))]]
        case .null, .object: ["stringValue": .string(value.text(.compact))]
        }
    }
}
