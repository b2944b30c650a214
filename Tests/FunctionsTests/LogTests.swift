import Logging
import NIOCore
import Synchronization
import Testing

@testable import Functions

/// Keeps what is logged.
final class RecordedLog: Sendable {
    struct Record: Sendable, Equatable {
        var level: Logger.Level
        var message: String
        var function: String?
        var request: String?
    }

    private let records = Mutex<[Record]>([])

    var all: [Record] { records.withLock { $0 } }
    var logger: Logger { Logger(label: "functions") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let record = Record(
                level: event.level, message: "\(event.message)", function: event.metadata?["gw.function"]?.description,
                request: event.metadata?["gw.request"]?.description)
            log.records.withLock { $0.append(record) }
        }
    }
}

@Suite("What functions print")
struct LogTests {
    // MARK: In the engine's log

    private static let isPossible = Processes.isInstalled("curl") && Processes.isInstalled("bash")

    @Test("is in the engine's log line by line, with the function and the request", .enabled(if: isPossible))
    func forwarded() async throws {
        let log = RecordedLog()
        var requestID = ""
        try await TestStage.with(logger: log.logger) { stage in
            let function = try stage.function(
                init: "echo starting", handle: "{ echo one; echo; echo two; printf three; } >&2")
            requestID = try await stage.invoke(function).requestID
        }
        #expect(log.all.first == .init(level: .info, message: "starting", function: "sample:$LATEST", request: nil))
        #expect(
            log.all.dropFirst().map(\.message) == ["one", "two", "three"]
                && log.all.dropFirst().allSatisfy { $0.request == requestID && $0.level == .info })
    }

    @Test("an end that was not meant is a warning in it", .enabled(if: isPossible))
    func ended() async throws {
        let log = RecordedLog()
        try await TestStage.with(logger: log.logger) { stage in
            let function = try stage.function(handle: "exit 7")
            _ = try await stage.invoke(function)
        }
        let warning = try #require(log.all.last)
        #expect(warning.level == .warning && warning.message == "Runtime exited with error: exit status 7")
        #expect(warning.request != nil && warning.function == "sample:$LATEST")
    }

    @Test("a flood leaves lines out, and says how many", .enabled(if: isPossible))
    func flooded() async throws {
        let log = RecordedLog()
        try await TestStage.with(logger: log.logger) { stage in
            let function = try stage.function(handle: "seq 100000 >&2")
            _ = try await stage.invoke(function)
        }
        let lines = log.all.map(\.message)
        let notes = lines.filter { $0.hasSuffix("lines were left out)") }
        let left = notes.compactMap { Int($0.dropFirst().prefix { $0 != " " }) }.reduce(0, +)
        #expect(notes.count >= 1)
        #expect(lines.count - notes.count + left == 100_000)
        #expect(lines.prefix(3) == ["1", "2", "3"])
    }

    // MARK: Cutting

    private static func cut(_ cutter: inout LineCutter, _ text: String, _ second: Int64 = 0) -> [String] {
        Array(text.utf8).withUnsafeBytes { cutter.append($0, at: .uptimeNanoseconds(1) + .seconds(second)) }
    }

    @Test("a line that comes in pieces is one, and the last needs no end")
    func pieces() {
        var cutter = LineCutter()
        #expect(Self.cut(&cutter, "on") == [])
        #expect(Self.cut(&cutter, "e\ntw") == ["one"])
        #expect(Self.cut(&cutter, "o\n\n\nthree") == ["two"])
        #expect(cutter.end(at: .uptimeNanoseconds(1)) == ["three"])
        #expect(cutter.end(at: .uptimeNanoseconds(1)) == [])
    }

    @Test("a line has 8 KiB at most, and bytes that are no text are shown as such")
    func long() {
        var cutter = LineCutter()
        #expect(Self.cut(&cutter, String(repeating: "x", count: 20_000) + "\ny\n").map(\.utf8.count) == [8_192, 1])
        let odd = ([0xFF, 0x41, 0x0A] as [UInt8]).withUnsafeBytes { cutter.append($0, at: .uptimeNanoseconds(2)) }
        #expect(odd == ["\u{FFFD}A"])
    }

    @Test("of a second's lines those past 200 are left out, and the next second begins with their number")
    func limited() {
        var cutter = LineCutter()
        let flood = (1...250).map { "\($0)\n" }.joined()
        #expect(Self.cut(&cutter, flood, 0).count == 200)
        #expect(Self.cut(&cutter, "more\n", 0) == [])
        #expect(Self.cut(&cutter, "next\n", 1) == ["(51 lines were left out)", "next"])
        #expect(cutter.end(at: .uptimeNanoseconds(9)) == [])
    }
}
