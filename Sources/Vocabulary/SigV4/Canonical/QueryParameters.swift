/// The parameters of a query, in the order sent, decoded.
struct QueryParameters {
    struct Parameter {
        var name: [UInt8]
        var value: [UInt8]
    }

    private(set) var parameters: [Parameter] = []

    init(_ query: ArraySlice<UInt8>) {
        for piece in query.split(separator: UInt8(ascii: "&")) {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            parameters.append(
                Parameter(
                    name: PercentCoding.decode(piece[..<equals]),
                    value: PercentCoding.decode(piece[min(equals + 1, piece.endIndex)...])))
        }
    }

    /// Every value of that name, in the order sent.
    func values(of name: String) -> [String] {
        parameters.filter { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The query line of a canonical request: encoded, sorted by name and value, the signature itself left out.
    func appendCanonical(to bytes: inout [UInt8]) {
        var encoded: [(name: [UInt8], value: [UInt8])] = []
        encoded.reserveCapacity(parameters.count)
        for parameter in parameters where !parameter.name.elementsEqual(QueryName.signature.utf8) {
            encoded.append((PercentCoding.encode(parameter.name), PercentCoding.encode(parameter.value)))
        }
        encoded.sort { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        for (position, parameter) in encoded.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: "&")) }
            bytes.append(contentsOf: parameter.name)
            bytes.append(UInt8(ascii: "="))
            bytes.append(contentsOf: parameter.value)
        }
    }
}

/// Parameters of the query form.
enum QueryName {
    static let algorithm = "X-Amz-Algorithm"
    static let credential = "X-Amz-Credential"
    static let date = "X-Amz-Date"
    static let expires = "X-Amz-Expires"
    static let securityToken = "X-Amz-Security-Token"
    static let signature = "X-Amz-Signature"
    static let signedHeaders = "X-Amz-SignedHeaders"
}
