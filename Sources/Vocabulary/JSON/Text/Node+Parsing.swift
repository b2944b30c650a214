package import Diagnostics

extension Node {
    /// Reads one JSON file.
    ///
    /// - Returns: The tree, and what is wrong with the file: duplicate names are collected and the first of each is
    ///   kept, any other fault and the 1,000th ends the reading. `node` is nil exactly when no tree could be made.
    package static func parse(
        json bytes: [UInt8], file: String, limits: JSONLimits = .standard
    ) -> (node: Node?, diagnostics: [Diagnostic]) {
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer, limits: limits, maker: NodeMaking(file: file))
            do throws(ScanFault) {
                let node = try scanner.scan()
                return (node, scanner.maker.diagnostics)
            } catch {
                var places = NodeMaking(file: file)
                let span = places.place(buffer, from: error.start, to: error.end)
                let last = Diagnostic(.error, error.code, error.message, at: span, remedy: error.remedy)
                return (nil, scanner.maker.diagnostics + [last])
            }
        }
    }
}
