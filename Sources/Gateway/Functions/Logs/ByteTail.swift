/// The last bytes of what was appended.
struct ByteTail {
    private let bytesMax: Int
    private var held: [UInt8] = []

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var bytes: [UInt8] { held.count <= bytesMax ? held : Array(held.suffix(bytesMax)) }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        held.append(contentsOf: bytes.suffix(bytesMax))
        // Twice the size, so that most calls move nothing.
        if held.count > 2 * bytesMax { held.removeFirst(held.count - bytesMax) }
    }

    mutating func removeAll() { held.removeAll() }
}
