import Bytes
import JSON

/// The credential report: one line of CSV for the root and for each user.
enum CredentialReport {
    static let operations: [QueryOperation] = [
        QueryOperation("GenerateCredentialReport") { (_, _) throws(ServiceError) in
            // It is made when it is read, so it is always there.
            ["State": "COMPLETE"]
        },
        QueryOperation("GetCredentialReport") { (workspace, call) throws(ServiceError) in
            [
                "Content": .string(Base64.text(of: Array(text(workspace.identity, call).utf8))),
                "ReportFormat": "text/csv", "GeneratedTime": .string(EntityNames.timestamp(call.now)),
            ]
        },
    ]

    private static let columns = [
        "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
        "password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated",
        "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
        "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date",
        "access_key_2_last_used_region", "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated",
        "cert_2_active", "cert_2_last_rotated",
    ]

    private static func text(_ identity: IdentityDirectory, _ call: QueryCall) -> String {
        let keys = Dictionary(grouping: identity.all(.accessKey)) { $0.owner ?? "" }
        let certificates = Dictionary(grouping: identity.all(.signingCertificate)) { $0.owner ?? "" }
        let devices = Set(identity.all(.mfaDevice).compactMap(\.owner))
        var lines = [columns]
        lines.append(
            [
                "<root_account>", Principal.root.arn(call.accountID), EntityNames.timestamp(0), "not_supported",
                "no_information", "not_supported", "not_supported", "false", "true", "N/A", "N/A", "N/A", "N/A",
                "false", "N/A", "N/A", "N/A", "N/A", "false", "N/A", "false", "N/A",
            ])
        for user in identity.all(.user) {
            let profile = identity[.loginProfile, user.id]
            var line = [
                user.name, user.arn(call.accountID), EntityNames.timestamp(user.created),
                profile == nil ? "false" : "true", profile == nil ? "N/A" : "no_information",
                profile.flatMap { $0.details["changed"]?.int }.map(EntityNames.timestamp) ?? "N/A", "N/A",
                devices.contains(user.id) ? "true" : "false",
            ]
            line += columns(of: keys[user.id] ?? [], call.lastUses)
            line += columns(of: certificates[user.id] ?? [])
            lines.append(line)
        }
        return lines.map { $0.joined(separator: ",") }.joined(separator: "\n")
    }

    /// Two of them, there or not.
    private static func columns(of owned: [Entity], _ lastUses: LastUses? = nil) -> [String] {
        (0..<2).flatMap { position -> [String] in
            var use = lastUses == nil ? [] : ["N/A", "N/A", "N/A"]
            guard position < owned.count else { return ["false", "N/A"] + use }
            if let last = lastUses?[owned[position].name] {
                use = [EntityNames.timestamp(last.date), last.region, last.service]
            }
            let isActive = owned[position].detail("status") == "Active"
            return [isActive ? "true" : "false", EntityNames.timestamp(owned[position].created)] + use
        }
    }
}
