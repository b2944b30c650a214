/// `arn:aws:apigateway:REGION:SUBDOMAIN.SERVICE:path/...` or `:action/NAME&k=v`, taken apart.
struct ServiceURI: Sendable, Equatable {
    enum Form: Sendable, Equatable {
        /// Without the slash at its begin; may have path parameters and a query.
        case path(String)
        case action(String, parameters: [Parameter])
    }

    struct Parameter: Sendable, Equatable {
        var name: String
        var value: String
    }

    var partition: String
    var region: String
    /// Before the service: the bucket of `bucket.s3`.
    var subdomain: String?
    /// As in the uri: `sns`, `runtime.sagemaker`.
    var service: String
    var form: Form

    /// Services whose names have a dot.
    private static let dotted: Set<String> = [
        "streams.dynamodb", "runtime.sagemaker", "entitlement.marketplace", "metering.marketplace", "data.iot",
        "participant.connect", "transcribe.streaming",
    ]

    /// - Parameter text: Stage variables are filled in.
    init(parsing text: String) throws(CompileStop) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "apigateway" else {
            throw CompileStop(.endpoint, "the uri `\(text)` is no `arn:aws:apigateway:REGION:SERVICE:path|action/...`")
        }
        (partition, region) = (parts[1], parts[3])
        guard Self.isHostText(partition), Self.isHostText(region), Self.isHostText(parts[4]) else {
            throw CompileStop(
                .endpoint, "the uri `\(text)` has no valid region or service, perhaps for an unset variable")
        }
        let whole = parts[4]
        if let dotted = Self.dotted.first(where: { whole == $0 || whole.hasSuffix("." + $0) }) {
            service = dotted
        } else {
            service = whole.split(separator: ".").last.map(String.init) ?? whole
        }
        let rest = whole.dropLast(service.count)
        subdomain = rest.isEmpty ? nil : String(rest.dropLast())
        form = try Self.form(parts[5], text)
    }

    private static func form(_ rest: String, _ text: String) throws(CompileStop) -> Form {
        if rest.hasPrefix("path/") {
            return .path(String(rest.dropFirst("path/".count).drop { $0 == "/" }))
        }
        guard rest.hasPrefix("action/") else {
            throw CompileStop(.endpoint, "the uri `\(text)` has neither `path/` nor `action/`")
        }
        var pieces = rest.dropFirst("action/".count).split(separator: "&", omittingEmptySubsequences: false)
        let name = pieces.isEmpty ? "" : String(pieces.removeFirst())
        guard !name.isEmpty, name.utf8.allSatisfy(isName) else {
            throw CompileStop(.endpoint, "the uri `\(text)` names no action")
        }
        let parameters = QueryText.parameters(Array(pieces.joined(separator: "&").utf8)[...])
        return .action(name, parameters: parameters.map { Parameter(name: $0.name, value: $0.value) })
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func isHostText(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix(".") && !text.hasSuffix(".") && !text.contains("..")
            && text.utf8.allSatisfy { isName($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}

extension ServiceURI {
    /// The name in a signature's scope.
    ///
    /// SOURCE: the endpoints and quotas page of each service.
    var signingName: String {
        switch service {
        case "email": "ses"
        case "runtime.sagemaker": "sagemaker"
        case "streams.dynamodb": "dynamodb"
        case "entitlement.marketplace", "metering.marketplace": "aws-marketplace"
        case "data.iot": "iotdata"
        case "bedrock-runtime": "bedrock"
        default: service
        }
    }

    /// What stands before the colon of the service's actions in policies.
    var policyName: String {
        switch service {
        case "monitoring": "cloudwatch"
        case "data.iot", "iotdata": "iot"
        default: signingName
        }
    }

    /// Services with one endpoint for all regions, and the region that their requests are signed for.
    private static let global: Set<String> = ["iam", "route53", "cloudfront", "organizations"]

    var signingRegion: String { Self.global.contains(service) && partition == "aws" ? "us-east-1" : region }

    /// At AWS, without the subdomain.
    var awsHost: String {
        let suffix = partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
        if service == "organizations", partition == "aws" { return "organizations.us-east-1.\(suffix)" }
        let isGlobal = Self.global.contains(service) && partition == "aws"
        return isGlobal ? "\(service).\(suffix)" : "\(service).\(region).\(suffix)"
    }
}
