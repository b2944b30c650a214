import Bytes
import IAMPolicy
import JSON

/// The managed policies of AWS, in the form of the account's own.
struct AWSPolicies: Sendable {
    /// `owner` of these policies.
    static let owner = "aws"

    /// Those that come with the program.
    static let shipped = AWSPolicies(.shipped)

    /// In the order of their names.
    let all: [Entity]
    private let byARN: [String: Entity]

    init(_ policies: IAMPolicy.ManagedPolicies) {
        all = policies.all.map { policy in
            var entity = Entity(.policy, id: Self.id(policy.arn), name: policy.name, path: policy.path, created: 0)
            entity.owner = Self.owner
            entity.details = [
                "description": .string(policy.description), "default": .string(policy.defaultVersionID),
                "versions": [["id": .string(policy.defaultVersionID), "document": .string(policy.text)]],
                "created": .string(policy.createDate), "updated": .string(policy.updateDate),
            ]
            return entity
        }
        byARN = Dictionary(all.map { ($0.arn(Self.owner), $0) }) { first, _ in first }
    }

    subscript(arn: String) -> Entity? { byARN[arn] }

    /// The data has no ids: one that is the same at each start, from the ARN.
    private static func id(_ arn: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var hash = StableHash()
        var bytes: [UInt8] = []
        for _ in 0..<17 {
            hash.combine(arn.utf8)
            bytes.append(letters[Int(hash.value >> 59)])
        }
        return "ANPA" + String(decoding: bytes, as: UTF8.self)
    }
}
