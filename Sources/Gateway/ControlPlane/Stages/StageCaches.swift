/// Flushing the caches of a stage. Answers of endpoints are never kept; those of authorizers are.
enum StageCaches {
    static let operations: [Operation] = [
        Operation(
            "FlushStageCache", "DELETE", "/restapis/{api}/stages/{id}/cache/data", status: 202, handler: flush),
        Operation(
            "FlushStageAuthorizersCache", "DELETE", "/restapis/{api}/stages/{id}/cache/authorizers", status: 202,
            handler: flushGrants),
    ]

    private static func flush(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard try workspace.existing(call)[.stage, call.key] != nil else { throw .unknownStage }
        return .empty
    }

    private static func flushGrants(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard try workspace.existing(call)[.stage, call.key] != nil else { throw .unknownStage }
        return .forgottenGrants(apiID: call.apiID, stageName: call.key)
    }
}
