/// Flushing the caches of a stage. The engine answers every request anew, so there is never anything in them.
enum StageCaches {
    static let operations: [Operation] = [
        Operation(
            "FlushStageCache", "DELETE", "/restapis/{api}/stages/{id}/cache/data", status: 202, handler: flush),
        Operation(
            "FlushStageAuthorizersCache", "DELETE", "/restapis/{api}/stages/{id}/cache/authorizers", status: 202,
            handler: flush),
    ]

    private static func flush(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard try workspace.existing(call)[.stage, call.key] != nil else { throw .unknownStage }
        return .empty
    }
}
