import Glibc

/// The variables that this process hands on to programs which it starts.
enum Environment {
    static var current: [String: String] {
        var variables: [String: String] = [:]
        var position = 0
        while let text = environ[position] {
            position += 1
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
        }
        return variables
    }
}
