/// `ImportRestApi` and `PutRestApi`.
enum DefinitionImports {
    static func importRestAPI(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        throw .badRequest("Invalid OpenAPI input.")
    }

    static func putRestAPI(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        throw .badRequest("Invalid OpenAPI input.")
    }
}
