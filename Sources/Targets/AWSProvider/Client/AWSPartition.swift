/// A part of AWS with accounts, host names and ARNs of its own.
///
/// - Note: Source: AWS General Reference, "Service endpoints", IAM and API Gateway; "Amazon Resource Names", partitions.
package enum AWSPartition: String, Sendable, Hashable {
    case aws
    case china = "aws-cn"
    case usGovernment = "aws-us-gov"

    package init(region: String) {
        if region.hasPrefix("cn-") {
            self = .china
        } else if region.hasPrefix("us-gov-") {
            self = .usGovernment
        } else {
            self = .aws
        }
    }

    /// What host names end with.
    package var suffix: String { self == .china ? "amazonaws.com.cn" : "amazonaws.com" }

    /// What permissions and tags call an object of API Gateway.
    ///
    /// - Parameter path: `restapis/abc123`
    static func gatewayARN(_ path: String, in region: String) -> String {
        "arn:\(Self(region: region).rawValue):apigateway:\(region)::/\(path)"
    }

    /// IAM has one endpoint a partition.
    var iamHost: String {
        switch self {
        case .aws: "iam.amazonaws.com"
        case .china: "iam.cn-north-1.amazonaws.com.cn"
        case .usGovernment: "iam.us-gov.amazonaws.com"
        }
    }

    /// What calls of IAM are signed for.
    var iamRegion: String {
        switch self {
        case .aws: "us-east-1"
        case .china: "cn-north-1"
        case .usGovernment: "us-gov-west-1"
        }
    }
}
