import CoreMetrics
import Foundation
import Testing

@testable import Telemetry

@Suite("The text exposition of metrics")
struct ExpositionTests {
    private func text(_ registry: MetricsRegistry) -> String {
        var exposition = Exposition()
        registry.write(to: &exposition)
        return exposition.text
    }

    @Test("counters, gauges and histograms are read back as they were recorded")
    func roundTrip() throws {
        let registry = MetricsRegistry([.init("gatewright_a_total", "Things that \"happened\".\nTwice \\ thrice.")])
        for _ in 0..<3 {
            registry.makeCounter(label: "gatewright_a_total", dimensions: [("outcome", "ok")]).increment(by: 2)
        }
        registry.makeCounter(label: "gatewright_a_total", dimensions: [("outcome", "a \"b\"\n\\")]).increment(by: 1)
        registry.makeMeter(label: "gatewright_b_count", dimensions: []).set(1.5)
        let timer = registry.makeTimer(label: "gatewright_c_seconds", dimensions: [("kind", "x")])
        for milliseconds in [0.05, 3, 3, 200, 400_000] { timer.recordNanoseconds(Int64(milliseconds * 1_000_000)) }
        let page = try ExpositionReader.read(text(registry))
        #expect(page["gatewright_a_total"]?.kind == "counter")
        #expect(page["gatewright_a_total"]?.help == "Things that \"happened\".\nTwice \\ thrice.")
        #expect(page.value("gatewright_a_total", ["outcome": "ok"]) == 6)
        #expect(page.value("gatewright_a_total", ["outcome": "a \"b\"\n\\"]) == 1)
        #expect(page.value("gatewright_b_count", [:]) == 1.5)
        #expect(page["gatewright_c_seconds"]?.kind == "histogram")
        #expect(page.value("gatewright_c_seconds_bucket", ["kind": "x", "le": "0.0001"]) == 1)
        #expect(page.value("gatewright_c_seconds_bucket", ["kind": "x", "le": "0.005"]) == 3)
        #expect(page.value("gatewright_c_seconds_bucket", ["kind": "x", "le": "300"]) == 4)
        #expect(page.value("gatewright_c_seconds_bucket", ["kind": "x", "le": "+Inf"]) == 5)
        #expect(page.value("gatewright_c_seconds_count", ["kind": "x"]) == 5)
        #expect(abs((page.value("gatewright_c_seconds_sum", ["kind": "x"]) ?? 0) - 400.20605) < 0.000001)
    }

    @Test("a name of a library becomes a name of the format")
    func names() throws {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "http.server.requests-total", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "9 lives", dimensions: []).increment(by: 1)
        let page = try ExpositionReader.read(text(registry))
        #expect(page.value("http_server_requests_total", [:]) == 1)
        #expect(page.value("_9_lives", [:]) == 1)
    }

    @Test("series beyond the limit are dropped and counted")
    func limit() throws {
        let registry = MetricsRegistry()
        for number in 0..<Limits.seriesMax + 5 {
            registry.makeCounter(label: "many", dimensions: [("n", "\(number)")]).increment(by: 1)
        }
        let page = try ExpositionReader.read(text(registry))
        #expect(page["many"]?.samples.count == Limits.seriesMax)
        #expect(page.value("gatewright_telemetry_series_dropped_total", [:]) == 5)
    }

    @Test("a value that is no number is not recorded")
    func notANumber() {
        var histogram = Histogram()
        for value in [Double.nan, .infinity, 0.0001] { histogram.record(value) }
        #expect(histogram.count == 1 && histogram.counts[0] == 1)
    }

    @Test("recording from many tasks at once loses nothing")
    func concurrency() async throws {
        let registry = MetricsRegistry()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { registry.makeCounter(label: "n", dimensions: []).increment(by: 1) }
                }
            }
        }
        #expect(try ExpositionReader.read(text(registry)).value("n", [:]) == 8000)
    }
}

/// A strict reader of the format, apart from the writer under test.
struct ExpositionReader {
    struct Metric {
        var help = ""
        var kind = ""
        var samples: [(name: String, labels: [String: String], value: Double)] = []
    }

    struct Page {
        var metrics: [String: Metric] = [:]
        subscript(name: String) -> Metric? { metrics[name] }
        func value(_ name: String, _ labels: [String: String]) -> Double? {
            metrics.values.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
        }
    }

    struct Malformed: Error { var line: String }

    static func read(_ text: String) throws -> Page {
        var page = Page()
        var current = ""
        guard text.hasSuffix("\n") else { throw Malformed(line: "no newline at the end") }
        for line in text.split(separator: "\n") {
            let line = String(line)
            if let match = line.wholeMatch(of: #/# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)/#) {
                current = String(match.1)
                guard page.metrics[current] == nil else { throw Malformed(line: line) }
                page.metrics[current] = Metric(help: unescaped(String(match.2)))
            } else if let match = line.wholeMatch(of: #/# TYPE ([^ ]+) (counter|gauge|histogram)/#) {
                guard match.1 == current else { throw Malformed(line: line) }
                page.metrics[current]?.kind = String(match.2)
            } else if let match = line.wholeMatch(of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)/#) {
                let name = String(match.1)
                let kind = page.metrics[current]?.kind
                let endings = kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard endings.contains(where: { name == current + $0 }) else { throw Malformed(line: line) }
                let number = String(match.3) == "+Inf" ? .infinity : Double(match.3)
                guard let number else { throw Malformed(line: line) }
                page.metrics[current]?.samples.append((name, try labels(match.2.map(String.init) ?? ""), number))
            } else {
                throw Malformed(line: line)
            }
        }
        return page
    }

    private static func labels(_ text: String) throws -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text[...]
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/#) else {
                throw Malformed(line: text)
            }
            labels[String(match.1)] = unescaped(String(match.2))
            rest = rest[match.range.upperBound...]
        }
        return labels
    }

    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for letter in text {
            if isEscaped {
                result.append(letter == "n" ? "\n" : letter)
                isEscaped = false
            } else if letter == "\\" {
                isEscaped = true
            } else {
                result.append(letter)
            }
        }
        return result
    }
}
