/// The text exposition format that Prometheus reads.
///
/// SOURCE: Prometheus documentation, "Exposition formats", version 0.0.4.
package struct Exposition: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var text = ""

    package init() {}

    /// Opens a metric; its samples follow.
    package mutating func begin(_ name: String, _ help: String, _ kind: Kind) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    package mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Int) {
        line(name, labels, "\(value)")
    }

    package mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
        line(name, labels, Self.number(value))
    }

    /// - Parameter buckets: Upper bounds and what each alone counted; what is above all of them is counted by `count`.
    package mutating func histogram(
        _ name: String, _ labels: [(String, String)] = [], buckets: [(bound: Double, count: Int)], sum: Double,
        count: Int
    ) {
        var total = 0
        for bucket in buckets {
            total += bucket.count
            line(name + "_bucket", labels + [("le", Self.number(bucket.bound))], "\(total)")
        }
        line(name + "_bucket", labels + [("le", "+Inf")], "\(count)")
        line(name + "_sum", labels, Self.number(sum))
        line(name + "_count", labels, "\(count)")
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for letter in text.unicodeScalars {
            switch letter {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(letter)
            }
        }
        return result
    }

    /// A label of swift-metrics, or of a library, as a metric's name: letters, digits, `_` and `:`.
    static func name(_ label: String) -> String {
        let letters = label.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: ":"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        let name = String(decoding: letters, as: UTF8.self)
        return name.utf8.first.map { (48...57).contains($0) } ?? true ? "_" + name : name
    }
}
