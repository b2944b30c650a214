/// The path line of a canonical request.
enum CanonicalPath {
    static func append(_ path: ArraySlice<UInt8>, form: PathForm, to bytes: inout [UInt8]) {
        switch form {
        case .normalized: appendNormalized(path, to: &bytes)
        case .verbatim: appendVerbatim(path, to: &bytes)
        }
    }

    private static func appendNormalized(_ path: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        var segments: [ArraySlice<UInt8>] = []
        for segment in path.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        bytes.append(UInt8(ascii: "/"))
        for (position, segment) in segments.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: "/")) }
            for byte in segment { PercentCoding.append(encoding: byte, to: &bytes) }
        }
        if !segments.isEmpty, path.last == UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
    }

    private static func appendVerbatim(_ path: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        if path.isEmpty { bytes.append(UInt8(ascii: "/")) }
        for byte in path {
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%") {
                bytes.append(byte)
            } else {
                PercentCoding.append(encoding: byte, to: &bytes)
            }
        }
    }
}
