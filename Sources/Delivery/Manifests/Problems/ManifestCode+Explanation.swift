package import Diagnostics

extension ManifestCode {
    package var explanation: Explanation {
        switch self {
        case .noConfiguration, .noEnvironment, .environmentNeeded, .unknownEnvironment, .misplaced, .badPath,
            .fileMissing, .fileTooLarge, .tooManyFiles, .tooManyBytes, .noManifests, .notAManifest, .oneDocument,
            .tooManyProblems:
            fileExplanation
        case .unknownVersion, .unknownKind, .duplicateName: documentExplanation
        case .notSupported, .unknownField, .missingField, .wrongType, .unknownValue, .badPattern, .outOfRange,
            .chooseOne, .plainSecret, .badSchedule, .badDate, .badPointer, .ruleExpired:
            fieldExplanation
        case .unsetVariable, .nestedVariable, .variableNotText, .variableTooLarge, .unusedVariable, .unknownObject,
            .unknownAttribute,
            .referenceCycle:
            referenceExplanation
        case .badRename, .badAdoption: takeoverExplanation
        case .badPatch, .patchMatchesNothing, .patchPathMissing, .patchTestFailed: patchExplanation
        case .definitionOverridden, .stageWithoutMethod, .deploymentUnused, .unknownMethod: apiExplanation
        case .badCode, .unknownRuntime, .runtimeNotRun, .missingPermission, .missingEntryPoint, .badFunctionCall,
            .badRoleReference:
            functionExplanation
        }
    }

    private var fileExplanation: Explanation {
        switch self {
        case .noConfiguration:
            Explanation(
                meaning: "there is no `gatewright.yaml` where it was looked for",
                cause: "another folder is the root of the configuration, or the file has another name",
                remedy: "run `gatewright init`, or say where the file is with `--repo-path`")
        case .noEnvironment:
            Explanation(
                meaning: "`gatewright.yaml` has no document of the kind `Environment`",
                cause: "the file is empty, or its documents are of another kind",
                remedy: "add an `Environment`, which names the manifests and the target",
                example:
                    "apiVersion: gatewright/v1\nkind: Environment\nmetadata: { name: dev }\nspec: { manifests: [apis] }"
            )
        case .environmentNeeded:
            Explanation(
                meaning: "the repository has several environments and none was asked for",
                cause: "`--environment` is missing", remedy: "add `--environment` and one of the names of the message")
        case .unknownEnvironment:
            Explanation(
                meaning: "no `Environment` of the asked name is in `gatewright.yaml`",
                cause: "a mistyped name, or another commit than was meant",
                remedy: "use one of the names of the message")
        case .misplaced:
            Explanation(
                meaning: "a document stands in a file where nothing reads it",
                cause:
                    "an `Environment` outside of `gatewright.yaml`, or a manifest inside it that no environment lists",
                remedy: "move the document, or list `gatewright.yaml` in `spec.manifests`")
        case .badPath:
            Explanation(
                meaning: "a path is absolute, leaves the repository, or is empty",
                cause: "paths are relative to the file that names them, with `/` between the parts",
                remedy: "write a relative path inside the repository", example: "definition: { file: ../../etc/passwd }"
            )
        case .fileMissing:
            Explanation(
                meaning: "a file or folder that a manifest names is not in the commit",
                cause: "a mistyped path, a file that was not added, a path relative to another folder",
                remedy: "correct the path: it is relative to the file that names it", example: "manifests: [apsi]")
        case .fileTooLarge:
            Explanation(
                meaning: "a file has more bytes than may be read of its kind",
                cause: "a manifest may have 1 MiB, an OpenAPI definition 6 MiB",
                remedy: "split the manifest, or the API")
        case .tooManyFiles:
            Explanation(
                meaning: "there are more than \(Limits.files) files under the folders of an environment",
                cause: "`spec.manifests` names a folder that holds something else",
                remedy: "name only folders with manifests")
        case .tooManyBytes:
            Explanation(
                meaning: "the files of an environment have more than \(Limits.bytesAltogether >> 20) MiB altogether",
                cause: "`spec.manifests` names a folder that holds something else, or definitions with data in them",
                remedy: "name only folders with manifests, or split the environment")
        case .noManifests:
            Explanation(
                meaning: "nothing that an environment lists is a manifest",
                cause:
                    "the manifests were moved or lost their `apiVersion`; an empty environment would delete everything",
                remedy: "correct `spec.manifests`; a commit cannot ask for an empty environment")
        case .notAManifest:
            Explanation(
                meaning: "a file that `spec.manifests` names by itself is no manifest",
                cause: "it has no `apiVersion: gatewright/v1`, or is neither YAML nor JSON by its name",
                remedy: "add `apiVersion` and `kind`, or name another file")
        case .oneDocument:
            Explanation(
                meaning: "a definition file does not hold exactly one document",
                cause: "it is empty, or has `---` in it", remedy: "keep one OpenAPI document in a file")
        default:
            Explanation(
                meaning: "there are more problems than are listed",
                cause: "the list ends at \(Limits.diagnostics)", remedy: "correct those that are listed first")
        }
    }

    private var documentExplanation: Explanation {
        switch self {
        case .unknownVersion:
            Explanation(
                meaning: "a document's `apiVersion` is nearly, but not quite, that of Gatewright",
                cause: "a spelling mistake, or a version that does not exist",
                remedy: "write `apiVersion: gatewright/v1`", example: "apiVersion: gatewright/v2")
        case .unknownKind:
            Explanation(
                meaning: "a document is of a kind that does not exist",
                cause: "a spelling mistake, or a kind that is written inside another",
                remedy: "use a kind of `docs/kinds`", example: "kind: RestAPI")
        default:
            Explanation(
                meaning: "two documents have the same kind and name",
                cause: "a copy whose name was not changed; the message shows both places",
                remedy: "rename or remove one of them")
        }
    }

    private var fieldExplanation: Explanation {
        switch self {
        case .notSupported:
            Explanation(
                meaning: "a field is known, and not there yet in this version",
                cause: "it comes with a later version", remedy: "leave it out; the message says what to do instead")
        case .unknownField:
            Explanation(
                meaning: "a map has a member of a name that its kind does not have",
                cause: "a spelling mistake, or a field one level too high or too low",
                remedy: "correct or move it; `docs/kinds` lists the fields", example: "spec: { stage: {} }")
        case .missingField:
            Explanation(
                meaning: "a field that must be there is not", cause: "it was forgotten, or has no value",
                remedy: "add the field that the message names")
        case .wrongType:
            Explanation(
                meaning: "a value is of another type than its field wants",
                cause: "a text where a list is wanted, or wrong indentation",
                remedy: "write a value of the type that the message names", example: "manifests: apis")
        case .unknownValue:
            Explanation(
                meaning: "a value is not one of those that its field allows", cause: "a spelling mistake",
                remedy: "use one of the values of the message", example: "onFailure: rolback")
        case .badPattern:
            Explanation(
                meaning: "a text has characters that its field does not allow",
                cause: "names and stage variables have fewer characters than YAML has",
                remedy: "write it as the pattern of the message says", example: "metadata: { name: Pet_Store }")
        case .outOfRange:
            Explanation(
                meaning: "a number, or the count or length of a value, is outside of what its field allows",
                cause: "a limit of the service or of Gatewright", remedy: "stay inside the range of the message",
                example: "parallelism: 1000")
        case .badDate:
            Explanation(
                meaning: "a text is no day", cause: "another notation, or a day that there is not",
                remedy: "write year, month and day with hyphens", example: "expires: 2027-02-31")
        case .badPointer:
            Explanation(
                meaning: "a text is no JSON Pointer",
                cause: "the `/` at its start is missing, or a `~` is followed by something else than `0` or `1`",
                remedy: "write `/` before each name, `~1` for a `/` inside one, and `~0` for a `~`",
                example: "paths: [tags/owner]")
        case .ruleExpired:
            Explanation(
                meaning: "drift that was left alone until a day is reported again",
                cause: "the last day of a rule of `spec.drift.ignore` is over",
                remedy: "correct the drift and remove the rule, or agree on another day")
        case .plainSecret:
            Explanation(
                meaning: "a secret stands in a manifest, where everybody who may read the repository reads it",
                cause: "a value was written where only `valueFrom` is allowed",
                remedy: "write where the secret is, and change it: it is in the history of the repository",
                example: "value: { valueFrom: { env: PARTNER_KEY } }")
        case .chooseOne:
            Explanation(
                meaning: "a field wants exactly one of several members",
                cause: "none or several of them are there", remedy: "keep one of them",
                example: "definition: { file: a.yaml, inline: {} }")
        default:
            Explanation(
                meaning: "a schedule is no cron expression of five fields",
                cause: "a field too many or too few, or a number outside of its range",
                remedy: "write minute, hour, day, month, weekday", example: "schedule: \"61 * * * *\"")
        }
    }

    private var referenceExplanation: Explanation {
        switch self {
        case .unsetVariable:
            Explanation(
                meaning: "`${var.name}` names a variable that the environment does not set",
                cause: "a spelling mistake, or a variable that only other environments set",
                remedy: "add it to `spec.variables` of the environment", example: "uri: ${var.petstroe}/pets")
        case .nestedVariable:
            Explanation(
                meaning: "the value of a variable has `${var.name}` in it",
                cause: "variables are not made of other variables", remedy: "write the value itself")
        case .variableNotText:
            Explanation(
                meaning: "a variable with a list or a map stands in the middle of a text",
                cause: "only texts, numbers and booleans can be part of a text",
                remedy: "let the variable be the whole value: `${var.name}`")
        case .variableTooLarge:
            Explanation(
                meaning: "variables would make a document many times larger than it is written",
                cause: "a large value that is used very often", remedy: "make the value smaller, or use it less often")
        case .unusedVariable:
            Explanation(
                meaning: "a variable of the environment is used nowhere", cause: "what used it is gone, or misspelt it",
                remedy: "remove it")
        case .unknownObject:
            Explanation(
                meaning: "`${Kind/name.attribute}` names an object that no manifest makes",
                cause: "a spelling mistake, or a manifest that the environment does not list",
                remedy: "correct the name, or list the manifest", example: "${RestApi/petstroe.id}")
        case .unknownAttribute:
            Explanation(
                meaning: "an object does not have the attribute that a reference asks for",
                cause: "a spelling mistake; each kind's page lists its attributes",
                remedy: "use one of the attributes of the message", example: "${RestApi/petstore.identifier}")
        default:
            Explanation(
                meaning: "objects refer to each other in a circle, so that none can be made first",
                cause: "a reference in each of them", remedy: "remove one of the references of the message",
                example: "policy: { Resource: \"${RestApi/petstore.executionArn}/*\" } of petstore itself")
        }
    }

    private var apiExplanation: Explanation {
        switch self {
        case .definitionOverridden:
            Explanation(
                meaning: "the manifest and the OpenAPI definition say different things about the API",
                cause: "both may say it, and what the manifest says counts", remedy: "remove it in one of them")
        case .stageWithoutMethod:
            Explanation(
                meaning: "an API has stages and no method", cause: "an API without methods cannot be deployed",
                remedy: "add a path to the definition, or remove the stages")
        case .deploymentUnused:
            Explanation(
                meaning: "an API describes its deployment and has no stage",
                cause: "nothing is deployed without a stage",
                remedy: "add a stage, or remove `deploymentDescription`")
        default:
            Explanation(
                meaning: "a key of `methodSettings` names a method that the API does not have",
                cause: "a spelling mistake; a key is `*/*`, or a path, `/` and an HTTP method",
                remedy: "correct or remove it", example: "methodSettings: { \"pets/PUT\": { cachingEnabled: true } }")
        }
    }
}
