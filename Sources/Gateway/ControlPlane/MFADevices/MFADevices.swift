import Bytes
import Crypto
import JSON

/// Virtual MFA devices: a shared seed, sealed, and the codes of RFC 6238 that prove it.
enum MFADevices {
    private static let serial = Shape.Member.required("SerialNumber", .serialNumber)
    private static let user = Shape.Member.required("UserName", .name128)
    private static let code = Shape.text(6, 6, .digits)

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateVirtualMFADevice",
            [
                .path, .required("VirtualMFADeviceName", .text(1, 226, .name)), .tags,
            ], create),
        QueryOperation("DeleteVirtualMFADevice", on: .arn("SerialNumber"), [serial]) {
            (workspace, call) throws(ServiceError) in
            let device = try find(workspace, call)
            guard device.owner == nil else {
                throw .deleteConflict("MFA VirtualDevice in use. Must deactivate first.")
            }
            workspace.identity.remove(device)
            return nil
        },
        QueryOperation(
            "ListVirtualMFADevices",
            [.optional("AssignmentStatus", .enumeration(["Assigned", "Unassigned", "Any"]))]
                + .page, listVirtual),
        QueryOperation(
            "EnableMFADevice", on: .named(.user, "UserName"),
            [
                user, serial, .required("AuthenticationCode1", code), .required("AuthenticationCode2", code),
            ], enable),
        QueryOperation(
            "ResyncMFADevice", on: .named(.user, "UserName"),
            [
                user, serial, .required("AuthenticationCode1", code), .required("AuthenticationCode2", code),
            ]
        ) { (workspace, call) throws(ServiceError) in
            let device = try enabled(workspace, call, try workspace.existing(.user, call))
            try checkCodes(device, call)
            return nil
        },
        QueryOperation("DeactivateMFADevice", on: .userOrCaller, [.user, serial]) {
            (workspace, call) throws(ServiceError) in
            var device = try enabled(workspace, call, try workspace.userOrCaller(call))
            device.owner = nil
            device.details["enabled"] = JSONValue?.none
            workspace.identity.put(device)
            return nil
        },
        QueryOperation("ListMFADevices", on: .userOrCaller, [.user] + .page, list),
        QueryOperation("GetMFADevice", on: .userOrCaller, [serial, .user]) { (workspace, call) throws(ServiceError) in
            let device = try find(workspace, call)
            let owner = device.owner.flatMap { workspace.identity.entity(id: $0) }
            var result: JSONObject = ["SerialNumber": .string(device.arn(call.accountID))]
            result["UserName"] = owner.map { .string($0.name) }
            result["EnableDate"] = enableDate(device)
            return result
        },
    ]

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.existing(.mfaDevice, arn: call.text("SerialNumber"), call)
    }

    private static func enabled(
        _ workspace: Workspace, _ call: QueryCall, _ user: Entity
    ) throws(ServiceError) -> Entity {
        let device = try find(workspace, call)
        guard device.owner == user.id else {
            throw .noSuchEntity("MFA Device invalid for user.")
        }
        return device
    }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("VirtualMFADeviceName")
        try workspace.check(isFree: name, .mfaDevice)
        var device = Entity(.mfaDevice, name: name, path: call["Path"] ?? "/", created: call.now)
        device.tags = try EntityTags.read(call)
        let seed = EntityNames.random(64)
        device.details["seed"] = .string(try call.sealing.seal(Array(seed.utf8), for: device.id))
        workspace.identity.put(device)
        var result = virtual(device, workspace.identity, call)
        // Blobs are Base64 on the wire; the engine draws no QR code.
        result["Base32StringSeed"] = .string(Base64.text(of: Array(seed.utf8)))
        return ["VirtualMFADevice": .object(result)]
    }

    private static func virtual(_ device: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> JSONObject {
        var document: JSONObject = ["SerialNumber": .string(device.arn(call.accountID))]
        document["User"] = device.owner.flatMap { identity.entity(id: $0) }.map { .object(Users.summary($0, call)) }
        document["EnableDate"] = enableDate(device)
        document["Tags"] = EntityTags.documents(device)
        return document
    }

    private static func enableDate(_ device: Entity) -> JSONValue? {
        device.details["enabled"]?.int.map { .string(EntityNames.timestamp($0)) }
    }

    private static func listVirtual(
        _ workspace: inout Workspace, _ call: QueryCall
    ) throws(ServiceError) -> JSONObject? {
        let identity = workspace.identity
        let devices = identity.all(.mfaDevice).filter { device in
            switch call["AssignmentStatus"] {
            case "Assigned": device.owner != nil
            case "Unassigned": device.owner == nil
            default: true
            }
        }
        return try QueryPaging.page("VirtualMFADevices", devices, call) { virtual($0, identity, call).without("Tags") }
    }

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.userOrCaller(call)
        return try QueryPaging.page("MFADevices", workspace.identity.all(.mfaDevice, ownedBy: user.id), call) {
            [
                "UserName": .string(user.name), "SerialNumber": .string($0.arn(call.accountID)),
                "EnableDate": enableDate($0) ?? "",
            ]
        }
    }

    private static func enable(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.existing(.user, call)
        var device = try find(workspace, call)
        guard device.owner == nil else {
            throw .alreadyExists("MFA Device with serial number \(call.text("SerialNumber")) is already in use.")
        }
        let most = call.quotas.mfaDevicesPerUser
        guard workspace.identity.all(.mfaDevice, ownedBy: user.id).count < most else {
            throw .limitExceeded("MfaDevicesPerUser", most)
        }
        try checkCodes(device, call)
        device.owner = user.id
        device.details["enabled"] = .number(JSONNumber(call.now))
        workspace.identity.put(device)
        return nil
    }

    /// Two codes of neighbouring half minutes, the first of them near now.
    private static func checkCodes(_ device: Entity, _ call: QueryCall) throws(ServiceError) {
        let window = call.now / OneTimeCode.periodSeconds
        let codes = (call.text("AuthenticationCode1"), call.text("AuthenticationCode2"))
        if let seed = call.sealing.openText(device.detail("seed"), for: device.id) {
            for counter in (window - 2)...(window + 2)
            where OneTimeCode.code(seed, counter) == codes.0 && OneTimeCode.code(seed, counter + 1) == codes.1 {
                return
            }
        }
        throw .query(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
    }

    /// True for a code of the device's present, last or next half minute.
    static func accepts(_ code: String, of device: Entity, _ sealing: Sealing, now: Int) -> Bool {
        guard let seed = sealing.openText(device.detail("seed"), for: device.id) else { return false }
        let window = now / OneTimeCode.periodSeconds
        return ((window - 1)...(window + 1)).contains { OneTimeCode.code(seed, $0) == code }
    }
}
