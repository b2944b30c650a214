import NIOCore

/// Cuts what a process prints into lines for the engine's log, at most ``Limits/toldLinesPerSecondMax`` of them in a second.
struct LineCutter {
    private var partial: [UInt8] = []
    private var secondBegan = NIODeadline.distantPast
    private var told = 0
    private var leftOut = 0

    /// The lines that are whole now; empty ones are none.
    mutating func append(_ bytes: UnsafeRawBufferPointer, at now: NIODeadline) -> [String] {
        var lines: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            extend(rest[..<end])
            take(at: now, into: &lines)
            rest = rest[(end + 1)...]
        }
        extend(rest)
        return lines
    }

    /// What is left: a line without its end, and how many were left out.
    mutating func end(at now: NIODeadline) -> [String] {
        var lines: [String] = []
        take(at: now, into: &lines)
        tellLeftOut(into: &lines)
        return lines
    }

    private mutating func extend(_ bytes: Slice<UnsafeRawBufferPointer>) {
        partial += bytes.prefix(max(Limits.toldLineBytesMax - partial.count, 0))
    }

    private mutating func take(at now: NIODeadline, into lines: inout [String]) {
        defer { partial.removeAll(keepingCapacity: true) }
        guard !partial.isEmpty else { return }
        if now - secondBegan >= .seconds(1) {
            (secondBegan, told) = (now, 0)
            tellLeftOut(into: &lines)
        }
        guard told < Limits.toldLinesPerSecondMax else {
            leftOut += 1
            return
        }
        told += 1
        lines.append(String(decoding: partial, as: UTF8.self))
    }

    private mutating func tellLeftOut(into lines: inout [String]) {
        guard leftOut > 0 else { return }
        lines.append("(\(leftOut) lines were left out)")
        leftOut = 0
    }
}
