import NIOCore

/// One line for each request, as the logs of the rest have it, but written by hand: a record costs less than a microsecond.
package struct AccessLog: Sendable {
    package enum Format: Sendable { case text, json }

    package var format: Format
    /// Only what was answered with 500 and above, or not at all.
    package var isErrorsOnly: Bool
    /// Takes whole lines, a few at a time; called on an event loop, so it must not block.
    package var sink: @Sendable (_ lines: [UInt8]) -> Void

    package init(format: Format, isErrorsOnly: Bool = false, sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.format = format
        self.isErrorsOnly = isErrorsOnly
        self.sink = sink
    }
}

/// What the access record says of one request.
struct AccessRecord {
    var method = ""
    var path: ArraySlice<UInt8> = []
    var apiID = ""
    var stageName = ""
    var detail: String?
    var status = 0
    var milliseconds: Int64 = 0
    var source = ""
    var outcome: String?
}

/// The lines of one event loop that were not handed over yet.
struct AccessLines {
    /// LIMIT: bytes that wait; then they are handed over at once.
    private static let waitingBytesMax = 32 << 10

    private let format: AccessLog.Format
    private var bytes: [UInt8] = []
    private var second: Int64 = -1
    /// `2026-01-02T03:04:05.`, made once a second.
    private var time: [UInt8] = []

    init(_ format: AccessLog.Format) { self.format = format }

    var isEmpty: Bool { bytes.isEmpty }
    var isFull: Bool { bytes.count >= Self.waitingBytesMax }

    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// - Parameter now: Milliseconds since 1970.
    mutating func add(_ record: AccessRecord, _ identity: ExchangeIdentity, at now: Int64) {
        if bytes.isEmpty { bytes.reserveCapacity(Self.waitingBytesMax + 1024) }
        open(now)
        id(identity)
        text("gw.method", Array(record.method.utf8)[...])
        text("gw.path", record.path)
        number("gw.status", record.status)
        number("gw.milliseconds", Int(clamping: record.milliseconds))
        text("gw.client", Array(record.source.utf8)[...])
        if !record.apiID.isEmpty {
            text("gw.api", Array(record.apiID.utf8)[...])
            text("gw.stage", Array(record.stageName.utf8)[...])
        }
        if let detail = record.detail { text("gw.reason", Array(detail.utf8)[...]) }
        if let outcome = record.outcome { text("gw.outcome", Array(outcome.utf8)[...]) }
        put(format == .json ? "}\n" : "\n")
    }

    private mutating func open(_ now: Int64) {
        if now / 1000 != second {
            second = now / 1000
            time = Array(GatewayDate(secondsSince1970: second).internetText.utf8)
        }
        put(format == .json ? #"{"time":""# : "")
        bytes += time
        let fraction = Int(now % 1000)
        for digit in [fraction / 100, fraction / 10 % 10, fraction % 10] { bytes.append(UInt8(48 + digit)) }
        put(
            format == .json
                ? #"Z","level":"info","label":"DataPlane","message":"request""# : "Z info DataPlane request")
    }

    private mutating func id(_ identity: ExchangeIdentity) {
        key("gw.request")
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
        bytes += Array(identity.requestID.utf8)
        if format == .json { bytes.append(UInt8(ascii: "\"")) }
    }

    private mutating func key(_ name: StaticString) {
        put(format == .json ? ",\"" : " ")
        put(name)
        put(format == .json ? "\":" : "=")
    }

    private mutating func number(_ name: StaticString, _ value: Int) {
        key(name)
        bytes += String(value).utf8
    }

    private mutating func text(_ name: StaticString, _ value: ArraySlice<UInt8>) {
        key(name)
        let isPlain = value.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        if isPlain, format == .text {
            bytes += value
            return
        }
        bytes.append(UInt8(ascii: "\""))
        if isPlain { bytes += value } else { escape(value) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whatever a client sends stays one JSON string on one line.
    private mutating func escape(_ value: ArraySlice<UInt8>) {
        for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\"": put("\\\"")
            case "\\": put("\\\\")
            case "\u{0}"..."\u{1f}", "\u{7f}", "\u{85}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                bytes +=
                    Array("\\u".utf8) + Array(String(repeating: "0", count: 4 - digits.count).utf8) + Array(digits.utf8)
            default: bytes += Array(String(scalar).utf8)
            }
        }
    }

    private mutating func put(_ text: StaticString) {
        bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
