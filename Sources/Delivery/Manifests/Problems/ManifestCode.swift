import Diagnostics

/// What may be wrong with a configuration repository.
package enum ManifestCode: String, StableCode {
    // Files and documents
    case noConfiguration = "manifest.no-configuration"
    case noEnvironment = "manifest.no-environment"
    case environmentNeeded = "manifest.environment-needed"
    case unknownEnvironment = "manifest.unknown-environment"
    case misplaced = "manifest.misplaced"
    case badPath = "manifest.bad-path"
    case fileMissing = "manifest.file-missing"
    case fileTooLarge = "manifest.file-too-large"
    case tooManyFiles = "manifest.too-many-files"
    case tooManyBytes = "manifest.too-many-bytes"
    case noManifests = "manifest.no-manifests"
    case notAManifest = "manifest.not-a-manifest"
    case oneDocument = "manifest.one-document"
    case tooManyProblems = "manifest.too-many-problems"
    // What a document is
    case unknownVersion = "manifest.unknown-version"
    case unknownKind = "manifest.unknown-kind"
    case duplicateName = "manifest.duplicate-name"
    case badRename = "manifest.bad-rename"
    case badAdoption = "manifest.bad-adoption"
    // Fields
    case notSupported = "manifest.not-supported"
    case unknownField = "manifest.unknown-field"
    case missingField = "manifest.missing-field"
    case wrongType = "manifest.wrong-type"
    case unknownValue = "manifest.unknown-value"
    case badPattern = "manifest.bad-pattern"
    case outOfRange = "manifest.out-of-range"
    case chooseOne = "manifest.choose-one"
    case plainSecret = "manifest.plain-secret"
    case badSchedule = "manifest.bad-schedule"
    case badDate = "manifest.bad-date"
    case badPointer = "manifest.bad-pointer"
    case ruleExpired = "manifest.rule-expired"
    // Variables and references
    case unsetVariable = "manifest.unset-variable"
    case nestedVariable = "manifest.nested-variable"
    case variableNotText = "manifest.variable-not-text"
    case variableTooLarge = "manifest.variable-too-large"
    case unusedVariable = "manifest.unused-variable"
    case unknownObject = "manifest.unknown-object"
    case unknownAttribute = "manifest.unknown-attribute"
    case referenceCycle = "manifest.reference-cycle"
    // Patches
    case badPatch = "manifest.bad-patch"
    case patchMatchesNothing = "manifest.patch-matches-nothing"
    case patchPathMissing = "manifest.patch-path-missing"
    case patchTestFailed = "manifest.patch-test-failed"
    // APIs
    case definitionOverridden = "manifest.definition-overridden"
    case stageWithoutMethod = "manifest.stage-without-method"
    case unknownMethod = "manifest.unknown-method"
    // Functions
    case badCode = "manifest.bad-code"
    case unknownRuntime = "manifest.unknown-runtime"
    case missingPermission = "manifest.missing-permission"
    case missingEntryPoint = "manifest.missing-entry-point"
    case badFunctionCall = "manifest.bad-function-call"
}
