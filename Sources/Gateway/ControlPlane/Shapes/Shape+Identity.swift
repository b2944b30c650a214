/// Members that many operations of IAM and STS share, as `reference/operations` has them.
extension Shape {
    static func text(_ min: Int, _ max: Int, _ pattern: PrintedPattern? = nil, isSecret: Bool = false) -> Shape {
        .text(Text(min: min, max: max, pattern: pattern, isSecret: isSecret))
    }

    static let name64 = text(1, 64, .name)
    static let name128 = text(1, 128, .name)
    static let arn = text(20, 2048)
    static let keyID = text(16, 128, .word)
    static let document = text(1, 131_072, .latin)
    static let description = text(0, 1000, .description)
    static let tagKey = text(1, 128, .tagKey)
    static let tags = shortList(
        .structure([.required("Key", .tagKey), .required("Value", .text(0, 256, .tagValue))]),
        max: Limits.tagsPerEntityMax)
    static let status = enumeration(["Active", "Inactive", "Expired"])
    static let maxSession = number(3600...43200)
    static let serialNumber = text(9, 256, .serialNumber)
}

extension Shape.Member {
    static let path = optional("Path", .text(1, 512, .path))
    static let pathPrefix = optional("PathPrefix", .text(1, 512, .pathPrefix))
    static let tags = optional("Tags", .tags)
    static let boundary = optional("PermissionsBoundary", .arn)
    static let policyARN = required("PolicyArn", .arn)
    /// The operation is about the caller when it is absent.
    static let user = optional("UserName", .name128)
}

extension [Shape.Member] {
    /// What every list takes.
    static let page: Self = [
        .optional("Marker", .text(1, 320, .marker)), .optional("MaxItems", .number(1...1000)),
    ]
}
