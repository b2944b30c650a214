import Bytes
import Crypto
import JSON

/// Public SSH keys of users.
enum SSHKeys {
    private static let id = Shape.Member.required("SSHPublicKeyId", .text(20, 128, .word))
    private static let user = Shape.Member.required("UserName", .name64)
    private static let named = QueryTarget.named(.user, "UserName")

    static let operations: [QueryOperation] = [
        QueryOperation(
            "UploadSSHPublicKey", on: named, [user, .required("SSHPublicKeyBody", .text(1, 16384, .latin))], upload),
        QueryOperation(
            "GetSSHPublicKey", on: named, [user, id, .required("Encoding", .enumeration(["SSH", "PEM"]))]
        ) { (workspace, call) throws(ServiceError) in
            guard call["Encoding"] == "SSH" else {
                throw .query(
                    400, "UnrecognizedPublicKeyEncoding", "This engine gives public keys in the SSH encoding only.")
            }
            let user = try workspace.existing(.user, call)
            return ["SSHPublicKey": .object(document(try find(workspace, call), of: user))]
        },
        QueryOperation("ListSSHPublicKeys", on: .userOrCaller, [.user] + .page) {
            (workspace, call) throws(ServiceError) in
            let user = try workspace.userOrCaller(call)
            return try QueryPaging.page("SSHPublicKeys", workspace.identity.all(.sshKey, ownedBy: user.id), call) {
                document($0, of: user).without("SSHPublicKeyBody", "Fingerprint")
            }
        },
        QueryOperation("UpdateSSHPublicKey", on: named, [user, id, .required("Status", .status)]) {
            (workspace, call) throws(ServiceError) in
            var key = try find(workspace, call)
            key.details["status"] = .string(call.text("Status"))
            workspace.identity.put(key)
            return nil
        },
        QueryOperation("DeleteSSHPublicKey", on: named, [user, id]) { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, call))
            return nil
        },
    ]

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.owned(.sshKey, call.text("SSHPublicKeyId"), by: workspace.existing(.user, call))
    }

    private static func upload(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.existing(.user, call)
        let body = call.text("SSHPublicKeyBody")
        let parts = body.split(whereSeparator: \.isWhitespace)
        guard parts.count >= 2, ["ssh-rsa", "ssh-ed25519"].contains(parts[0]) || parts[0].hasPrefix("ecdsa-"),
            let bytes = Base64.decoded(String(parts[1])), bytes.count > 4
        else { throw .query(400, "InvalidPublicKey", "The public key is malformed or otherwise invalid.") }
        let own = workspace.identity.all(.sshKey, ownedBy: user.id)
        guard !own.contains(where: { $0.detail("body") == body }) else {
            throw .query(400, "DuplicateSSHPublicKey", "The SSH public key is already associated with the user.")
        }
        let most = call.quotas.sshKeysPerUser
        guard own.count < most else { throw .limitExceeded("SSHPublicKeysPerUser", most) }
        let id = EntityNames.id(.sshKey)
        var key = Entity(.sshKey, id: id, name: id, created: call.now)
        key.owner = user.id
        key.details["status"] = "Active"
        key.details["body"] = .string(body)
        key.details["fingerprint"] = .string(
            Insecure.MD5.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":"))
        workspace.identity.put(key)
        return ["SSHPublicKey": .object(document(key, of: user))]
    }

    private static func document(_ key: Entity, of user: Entity) -> JSONObject {
        [
            "UserName": .string(user.name), "SSHPublicKeyId": .string(key.name),
            "Fingerprint": key.details["fingerprint"] ?? "", "SSHPublicKeyBody": key.details["body"] ?? "",
            "Status": key.details["status"] ?? "Inactive",
            "UploadDate": .string(EntityNames.timestamp(key.created)),
        ]
    }
}
