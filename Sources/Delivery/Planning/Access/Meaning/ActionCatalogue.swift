import IAMPolicy

/// Actions and resources that witnesses are made of where a policy has wildcards.
enum ActionCatalogue {
    static let actions: [String] =
        ["GET", "POST", "PUT", "PATCH", "DELETE"].map { "apigateway:\($0)" }
        + ["execute-api:Invoke", "execute-api:InvalidateCache", "sts:AssumeRole"]
        + ["InvokeFunction", "CreateFunction", "UpdateFunctionCode", "AddPermission"].map { "lambda:\($0)" }
        + [
            "AddUserToGroup", "AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy", "CreateAccessKey",
            "CreateLoginProfile", "CreatePolicy", "CreatePolicyVersion", "CreateRole", "CreateUser",
            "DeleteRolePermissionsBoundary", "DeleteUserPermissionsBoundary", "GetUser", "ListUsers", "PassRole",
            "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy", "SetDefaultPolicyVersion", "UpdateAssumeRolePolicy",
            "UpdateLoginProfile",
        ].map { "iam:\($0)" }

    static func service(_ action: String) -> String { String(action.prefix { $0 != ":" }).lowercased() }

    /// `API Gateway`
    static func title(_ service: String) -> String {
        switch service {
        case "apigateway": "API Gateway"
        case "execute-api": "the calling of APIs"
        case "iam": "IAM"
        case "lambda": "Lambda"
        case "sts": "STS"
        default: "`\(service)`"
        }
    }

    /// What stands for all resources of a service.
    static func resources(_ service: String, _ home: AccessHome) -> [String] {
        switch service {
        case "apigateway":
            [
                "/account", "/apikeys", "/domainnames", "/restapis", "/restapis/a1b2c3d4e5",
                "/restapis/a1b2c3d4e5/resources/r1/methods/GET/integration", "/restapis/a1b2c3d4e5/stages/test",
                "/usageplans",
            ].map(home.managementARN)
        case "execute-api": [home.apiARN("a1b2c3d4e5") + "/test/GET/path"]
        case "iam": ["user/x", "group/x", "role/x", "policy/x"].map(home.identityARN)
        case "lambda": ["arn:\(home.partition):lambda:\(home.region):\(home.account):function:x"]
        case "sts": []
        default: ["*"]
        }
    }
}
