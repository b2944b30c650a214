import JSON

/// `GetSessionToken` and `GetFederationToken`: temporary credentials out of those of a user.
enum UserSessions {
    static let operations: [QueryOperation] = [
        QueryOperation(
            "GetSessionToken", of: .sts,
            [
                SessionInput.duration(129_600), .optional("SerialNumber", .text(9, 256, .serialNumberOrNone)),
                .optional("TokenCode", .text(6, 6, .digitsOrNone)),
            ]
        ) { (workspace, call) throws(ServiceError) in
            let subject: Session.Subject
            switch call.caller.who {
            case .root: subject = .root
            case .user(let user): subject = .user(id: user.id)
            default: throw .query(403, "AccessDenied", "Cannot call GetSessionToken with session credentials")
            }
            var session = Session(subject, issued: call.now, seconds: seconds(call))
            session.isMFA = try SessionInput.provesMFA(call, workspace.identity)
            return ["Credentials": try session.credentials(call.sealing)]
        },
        QueryOperation(
            "GetFederationToken", of: .sts, on: .federatedUser,
            [
                .required("Name", .text(2, 32, .nameOrNone)), SessionInput.policy, SessionInput.policyARNs,
                SessionInput.duration(129_600), .tags,
            ]
        ) { (workspace, call) throws(ServiceError) in
            let name = call.text("Name")
            let issuer = call.caller.user(workspace.identity)?.id
            var session = Session(.federated(name: name, issuer: issuer), issued: call.now, seconds: seconds(call))
            let packed = try SessionInput.read(call, into: &session, workspace.identity)
            var result: JSONObject = [
                "Credentials": try session.credentials(call.sealing),
                "FederatedUser": [
                    "FederatedUserId": .string("\(call.accountID):\(name)"),
                    "Arn": .string("arn:aws:sts::\(call.accountID):federated-user/\(name)"),
                ],
            ]
            result["PackedPolicySize"] = packed.map { .number(JSONNumber($0)) }
            return result
        },
        QueryOperation(
            "DecodeAuthorizationMessage", of: .sts, [.required("EncodedMessage", .text(1, 10240))]
        ) { (_, _) throws(ServiceError) in
            // No service of this engine encodes its refusals, so there is no message that could be decoded.
            throw .query(400, "InvalidAuthorizationMessageException", "Message is not valid")
        },
    ]

    /// Twelve hours unless asked otherwise; of the root an hour at most.
    private static func seconds(_ call: QueryCall) -> Int {
        let asked = call.input["DurationSeconds"]?.int ?? 43200
        return call.caller.who == .root ? min(asked, 3600) : asked
    }
}
