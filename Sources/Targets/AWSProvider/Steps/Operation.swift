/// The mutating calls that steps are made of. The raw values are journaled: never renamed.
enum Operation: String, Sendable, CaseIterable {
    case createRestAPI = "CreateRestApi"
    case updateRestAPI = "UpdateRestApi"
    case deleteRestAPI = "DeleteRestApi"
    /// PutRestApi on an API that the same plan creates: nothing in it is worth keeping, not even the models that the
    /// service puts into every new API.
    case fillRestAPI = "FillRestApi"
    /// PutRestApi over a definition: what the step does not touch stays as the target has it.
    case putRestAPI = "PutRestApi"
    case tagRestAPI = "TagRestApi"
    case createDeployment = "CreateDeployment"
    /// Only the description: what a deployment holds never changes.
    case updateDeployment = "UpdateDeployment"
    case createDocumentationVersion = "CreateDocumentationVersion"
    case createStage = "CreateStage"
    case updateStage = "UpdateStage"
    case tagStage = "TagStage"
    case deleteStage = "DeleteStage"
}
