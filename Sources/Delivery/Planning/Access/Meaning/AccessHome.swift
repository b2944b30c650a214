package import JSON

/// Where an environment's objects are: what ARNs need that documents do not say.
package struct AccessHome: Sendable, Hashable {
    package let partition: String
    package let region: String
    package let account: String

    /// What the target says; else what our engine has where nothing else is configured.
    package init(target: JSONValue) {
        region = target["aws"]?["region"]?.string ?? "us-east-1"
        partition = region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
        account = target["aws"]?["accountId"]?.string ?? "123456789012"
    }

    /// As a target says it.
    package init(partition: String, region: String, account: String) {
        self.partition = partition
        self.region = region
        self.account = account
    }

    /// What the ARNs of calls of the account's APIs begin with, up to the API's id.
    package var apiPrefix: String { apiARN("") }

    func identityARN(_ resource: String) -> String { "arn:\(partition):iam::\(account):\(resource)" }
    func functionARN(_ name: String) -> String { "arn:\(partition):lambda:\(region):\(account):function:\(name)" }
    func apiARN(_ id: String) -> String { "arn:\(partition):execute-api:\(region):\(account):\(id)" }
    func managementARN(_ path: String) -> String { "arn:\(partition):apigateway:\(region)::\(path)" }
}
