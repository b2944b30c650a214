import Glibc

/// What a process has had in memory at most.
enum MemoryUse {
    /// Mebibytes, rounded up; zero for a process that is gone.
    static func peakMegabytes(of pid: Int32) -> Int {
        let file = open("/proc/\(pid)/status", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        let label = Array("VmHWM:".utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: label) {
            let digits = line.dropFirst(label.count).filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return ((Int(String(decoding: digits, as: UTF8.self)) ?? 0) + 1023) / 1024
        }
        return 0
    }
}
