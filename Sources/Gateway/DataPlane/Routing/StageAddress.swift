/// Which stage a request is for, and what is left of its path.
struct StageAddress: Equatable {
    var apiID: String
    var stageName: String
    /// Where the path below the stage begins in the request's path; `path.upperBound` if it ends with the stage.
    var restStart: Int
    /// On a host of the account's own, what stands in place of the stage in the path that the client sees.
    var customPrefix: String?

    /// Three forms: host `{api}.execute-api.*` with `/{stage}/...`; `/restapis/{api}/{stage}/_user_request_/...`;
    /// `/_aws/execute-api/{api}/{stage}/...`.
    ///
    /// - Parameters:
    ///   - bytes: The head of the request.
    ///   - authority: The host asked for, as a place in `bytes`.
    ///   - path: The path, as a place in `bytes`.
    init?(_ bytes: [UInt8], authority: Range<Int>, path: Range<Int>) {
        var parts = PathParts(bytes: bytes, position: path.lowerBound, end: path.upperBound)
        if let apiID = Self.apiID(bytes[authority]) {
            guard let stage = parts.next() else { return nil }
            self.init(apiID: apiID, stageName: parts.text(stage), restStart: parts.position)
            return
        }
        guard let first = parts.next() else { return nil }
        switch parts.text(first) {
        case "restapis":
            guard let api = parts.next(), let stage = parts.next(), let marker = parts.next(),
                parts.text(marker) == "_user_request_"
            else { return nil }
            self.init(apiID: parts.text(api), stageName: parts.text(stage), restStart: parts.position)
        case "_aws":
            guard let service = parts.next(), parts.text(service) == "execute-api", let api = parts.next(),
                let stage = parts.next()
            else { return nil }
            self.init(apiID: parts.text(api), stageName: parts.text(stage), restStart: parts.position)
        default: return nil
        }
    }

    init(apiID: String, stageName: String, restStart: Int, customPrefix: String? = nil) {
        self.apiID = apiID
        self.stageName = stageName
        self.restStart = restStart
        self.customPrefix = customPrefix
    }

    private static let service = Array(".execute-api.".utf8)

    /// The first label of a host whose second is `execute-api`.
    private static func apiID(_ authority: ArraySlice<UInt8>) -> String? {
        guard let dot = authority.firstIndex(of: UInt8(ascii: ".")), dot > authority.startIndex,
            authority.endIndex - dot > service.count
        else { return nil }
        let matches = authority.withUnsafeBufferPointer { all in
            let start = dot - authority.startIndex
            return equalsIgnoringCase(UnsafeBufferPointer(rebasing: all[start..<start + service.count]), service)
        }
        guard matches else { return nil }
        return String(decoding: authority[authority.startIndex..<dot].map(lowercasedASCII), as: UTF8.self)
    }
}

/// Segments of a path; doubled slashes are collapsed.
struct PathParts {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    mutating func next() -> Range<Int>? {
        while position < end, bytes[position] == UInt8(ascii: "/") { position += 1 }
        guard position < end else { return nil }
        let start = position
        while position < end, bytes[position] != UInt8(ascii: "/") { position += 1 }
        return start..<position
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
