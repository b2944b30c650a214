/// A service that speaks the Query protocol, and the version of it that is spoken here.
///
/// - Note: Source: IAM API reference and STS API reference, "Making query requests".
package enum QueryService: String, Sendable, Hashable {
    case iam
    case sts

    var version: String {
        switch self {
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        }
    }
}
