package import Diagnostics

/// What a plan says beside its changes.
package enum PlanFinding: String, StableCode {
    case tooManyDeletes = "planning.too-many-deletes"
    case protected = "planning.protected-object"
    case deletesEveryObject = "planning.deletes-every-object"
    case interruption = "planning.interruption"
    case guardLoosened = "planning.guard-loosened"
    case approvalNeeded = "planning.approval-needed"
    case bothRecorded = "planning.both-recorded"
    case nothingToRename = "planning.nothing-to-rename"
    case adoptionUnread = "planning.adoption-unread"
    case undeclared = "planning.undeclared-object"
    case documentationTaken = "planning.documentation-version-taken"
    case stillNamed = "planning.still-named"
    case secretUnread = "planning.secret-unread"
    case accessWidens = "planning.access-widens"
    case accessNarrows = "planning.access-narrows"
    case accessEscalates = "planning.access-escalates"

    /// True for what no consent helps with: the service would refuse the plan, or callers would meet errors.
    package var isRefusal: Bool { self == .documentationTaken || self == .stillNamed }

    package var explanation: Explanation {
        switch self {
        case .tooManyDeletes:
            Explanation(
                meaning: "a plan has more deletes than the environment allows without consent",
                cause: "many objects were removed from the manifests, or a file is not read any more",
                remedy: "check what the plan deletes; consent to it, or raise `spec.apply.maxDeletes`",
                example: "the plan deletes 31 objects, and `spec.apply.maxDeletes` is 20")
        case .protected:
            Explanation(
                meaning: "a plan deletes or replaces an object that is protected",
                cause: "its manifest was removed or renamed, or a field changed that cannot change in place",
                remedy: "put it back, consent to the change, or take its pattern out of `spec.apply.protect`",
                example: "`RestApi/petstore` is protected by `RestApi/*`")
        case .deletesEveryObject:
            Explanation(
                meaning: "after the plan nothing of a kind would be left in the environment",
                cause: "`spec.manifests` is empty or names a folder that is not there, or files were moved",
                remedy: "check `spec.manifests`; if it is meant, consent with `gatewright apply --expect-digest`",
                example: "the plan deletes all 3 objects of the kind `RestApi`")
        case .interruption:
            Explanation(
                meaning: "a field changed that the service cannot change in place: the object goes and comes back",
                cause: "the old object holds a name or an id that the new one gets only once it is gone",
                remedy: "consent to the interruption, or give the new object another name and move its users first")
        case .guardLoosened:
            Explanation(
                meaning: "a commit loosens a guard of its environment; until somebody agrees the stricter one holds",
                cause:
                    "`maxDeletes` was raised, a pattern was taken out of `protect`, or drift is ignored, not corrected or "
                    + "not looked for any more",
                remedy: "consent to the plan's digest, or put the guard back",
                example: "`spec.apply.maxDeletes` goes from 20 to 500")
        case .approvalNeeded:
            Explanation(
                meaning: "every plan of the environment needs a consent",
                cause: "`guards.environments.NAME.approval` of the controller's configuration",
                remedy: "read the plan, then `gatewright approve DIGEST`, or `gatewright apply --expect-digest DIGEST`")
        case .bothRecorded:
            Explanation(
                meaning: "a manifest was renamed, and the state has objects under both names: nothing can be renamed",
                cause: "an object of the new name was made, moved or imported meanwhile",
                remedy: "remove `previousName`; where it is meant that the plan deletes the old one, consent to it")
        case .nothingToRename:
            Explanation(
                meaning: "`metadata.previousName` names what is not recorded, so nothing is renamed",
                cause: "a typo, an environment that never had the object, or a commit between that was skipped",
                remedy: "check the name; `gatewright state mv` renames what is recorded under another one")
        case .adoptionUnread:
            Explanation(
                meaning:
                    "an object of the target is taken over, and what changes on it is not known without reading it",
                cause: "`diff` compares commits and reads no target",
                remedy: "see `gatewright plan`, whose digest is the one to consent to")
        case .undeclared:
            Explanation(
                meaning: "the target has an object that neither the manifests nor the recorded state know",
                cause: "it was made by hand or by another tool",
                remedy: "declare it in a manifest, or delete it where it was made; it is never deleted from here")
        case .documentationTaken:
            Explanation(
                meaning: "a version of the documentation is there already and holds other parts: it can never change",
                cause: "the documentation was edited and kept its version, or somebody made a version of that name",
                remedy: "give `x-amazon-apigateway-documentation` another `version`",
                example: "`DocumentationVersion/petstore 1.0` holds other documentation parts than the definition")
        case .stillNamed:
            Explanation(
                meaning:
                    "a plan deletes a role, a policy or a function that another object goes on naming by its ARN",
                cause:
                    "the manifest was removed, and an integration, an authorizer or a principal has its ARN written out",
                remedy: "change or delete what names it in the same commit; write references: `${Role/exec.arn}`",
                example:
                    "`Role/exec` would be deleted, and `integration.credentials` of `Method/topics GET /topics` still "
                    + "names it: `arn:aws:iam::123456789012:role/exec`")
        case .secretUnread:
            Explanation(
                meaning: "a secret that a manifest refers to could not be read, so whether it was rotated is not known",
                cause:
                    "the plan was made where the controller's secrets are not, or its configuration does not allow them",
                remedy: "plan where the controller runs, or with `--server`; see `provider.secret-missing`",
                example: "`value` of `ApiKey/partner`: the variable `PARTNER_KEY` is not set")
        case .accessWidens:
            Explanation(
                meaning: "after the plan somebody may do more than before, or is not asked for something any more",
                cause: "an authorization, an API key or a scope was taken away, a limit raised, a policy opened",
                remedy: "check that everybody who gets in is meant to; this is a finding and stops nothing",
                example: "route `GET /pets` of `petstore` becomes public: AWS_IAM → no authorization")
        case .accessEscalates:
            Explanation(
                meaning: "after the plan a principal may give itself more permissions than its policies say",
                cause: "an action such as `iam:CreatePolicyVersion`, or `iam:PassRole` beside one that uses the role",
                remedy: "limit the resources, add a permissions boundary, or leave the action out",
                example: "`User/dev` may now get more permissions: `iam:AttachUserPolicy` on `...` attaches any policy")
        case .accessNarrows:
            Explanation(
                meaning: "after the plan somebody may do less than before",
                cause: "an authorization, an API key or a scope was added, a limit lowered, a policy closed",
                remedy: "tell those who call the API; this is a finding and stops nothing",
                example: "route `GET /pets` of `petstore` asks for more: no authorization → AWS_IAM")
        }
    }
}
