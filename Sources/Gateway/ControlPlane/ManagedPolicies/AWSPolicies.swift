/// The managed policies of AWS, in the form of the account's own.
enum AWSPolicies {
    /// `owner` of these policies.
    static let owner = "aws"

    static let all: [Entity] = []

    static func policy(_ arn: String) -> Entity? { all.first { $0.arn("aws") == arn } }
}
