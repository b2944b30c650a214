import Glibc
import NIOCore

/// Cuts what a process prints into lines for the engine's log, at most ``Limits/toldLinesPerSecondMax`` of them in a second.
struct LineCutter {
    private var partial: [UInt8] = []
    private var secondBegan = NIODeadline.distantPast
    private var told = 0
    private var leftOut = 0

    /// The lines that are whole now; empty ones are none.
    mutating func append(_ bytes: UnsafeRawBufferPointer, at now: NIODeadline) -> [String] {
        guard let base = bytes.baseAddress else { return [] }
        var lines: [String] = []
        var begin = 0
        while begin < bytes.count,
            let end = memchr(base + begin, Int32(UInt8(ascii: "\n")), bytes.count - begin)
        {
            let next = base.distance(to: end)
            // A flood is mostly left out: what it costs is finding the ends of its lines.
            if isFull(at: now) {
                if next > begin || !partial.isEmpty { leftOut += 1 }
                partial.removeAll(keepingCapacity: true)
            } else {
                extend(UnsafeRawBufferPointer(rebasing: bytes[begin..<next]))
                take(at: now, into: &lines)
            }
            begin = next + 1
        }
        extend(UnsafeRawBufferPointer(rebasing: bytes[begin...]))
        return lines
    }

    /// What is left: a line without its end, and how many were left out.
    mutating func end(at now: NIODeadline) -> [String] {
        var lines: [String] = []
        take(at: now, into: &lines)
        tellLeftOut(into: &lines)
        return lines
    }

    private mutating func extend(_ bytes: UnsafeRawBufferPointer) {
        let room = max(Limits.toldLineBytesMax - partial.count, 0)
        partial.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
    }

    /// As many lines were told as may be in this second.
    private func isFull(at now: NIODeadline) -> Bool {
        told >= Limits.toldLinesPerSecondMax && now - secondBegan < .seconds(1)
    }

    private mutating func take(at now: NIODeadline, into lines: inout [String]) {
        defer { partial.removeAll(keepingCapacity: true) }
        guard !partial.isEmpty else { return }
        if now - secondBegan >= .seconds(1) {
            (secondBegan, told) = (now, 0)
            tellLeftOut(into: &lines)
        }
        guard !isFull(at: now) else {
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
