/// The services that speak the Query protocol: a form in, XML out. The raw value is what requests are signed for.
enum QueryService: String, Sendable {
    case iam, sts

    var version: String {
        switch self {
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        }
    }

    var namespace: String { "https://\(rawValue).amazonaws.com/doc/\(version)/" }
}
