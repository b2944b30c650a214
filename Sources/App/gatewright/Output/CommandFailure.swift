import Diagnostics

/// A command that cannot do what it was asked to.
struct CommandFailure: Failure {
    enum Code: String, StableCode {
        case notConfirmed = "command.not-confirmed"
        case badAddress = "command.bad-address"
        case notLoopback = "command.not-loopback"
        case unknownCode = "command.unknown-code"
        case unknownRevision = "command.unknown-revision"
        case unknownObject = "command.unknown-object"
        case ambiguousObject = "command.ambiguous-object"
        case importNotOffered = "command.import-not-offered"
        case fileMissing = "command.file-missing"
        case fileExists = "command.file-exists"
        case unsupportedTarget = "command.unsupported-target"
        case missingCredentials = "command.missing-credentials"
        case notEmpty = "command.not-empty"
        case badPlanFile = "command.bad-plan-file"
        case staleDigest = "command.stale-digest"
        case notCorrectable = "command.not-correctable"
        case listenRefused = "command.listen-refused"
        case dirtyTree = "command.dirty-tree"
        case trackedDataDirectory = "command.tracked-data-directory"
        case environmentNeeded = "command.environment-needed"
        case invalidConfiguration = "command.invalid-configuration"
        case serverUnreachable = "command.server-unreachable"
        case serverRefused = "command.server-refused"
        case cannotMove = "command.cannot-move"
        case cannotImport = "command.cannot-import"
        case cannotBackUp = "command.cannot-back-up"
        case badTime = "command.bad-time"
        case commitGone = "command.commit-gone"
        case rollbackFailed = "command.rollback-failed"
        case badRange = "command.bad-range"
        case mergeConflicts = "command.merge-conflicts"
        case shallowClone = "command.shallow-clone"
        case baseInvalid = "command.base-invalid"
        case planFileUnwritable = "command.plan-file-unwritable"
        case otherEnvironment = "command.other-environment"
        case otherTarget = "command.other-target"
        case badManagedPolicies = "command.bad-managed-policies"
    }

    let code: Code
    let message: String
    let recovery: Recovery
    let cause: (any Error)?

    init(_ code: Code, _ message: String, recovery: Recovery = .awaitCommit, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.recovery = recovery
        self.cause = cause
    }
}

extension CommandFailure.Code {
    var explanation: Explanation {
        switch self {
        case .notConfirmed:
            Explanation(
                meaning: "nobody agreed to the plan, so nothing was applied",
                cause: "the answer was not `yes`, or there is no terminal to ask on",
                remedy: "run it on a terminal, or pass `--yes` (or `--expect-digest`) in a script",
                example: "gatewright apply --yes")
        case .badAddress:
            Explanation(
                meaning: "an address to listen on is not of the form HOST:PORT",
                cause: "a typo, or a port outside 0 to 65535",
                remedy: "write the host and the port; port 0 takes a free one", example: "--data-listen 127.0.0.1:8080")
        case .notLoopback:
            Explanation(
                meaning: "a listener would be reachable from other machines over plain HTTP",
                cause: "an address that is not a loopback address",
                remedy:
                    "set `tls.certificate` and `tls.key` in gatewright.conf.yaml, listen on 127.0.0.1 behind a TLS proxy, "
                    + "or pass `--insecure-plain-http` knowingly",
                example: "tls: { certificate: server.crt, key: server.key }")
        case .unknownCode:
            Explanation(
                meaning: "no message of this program has that code", cause: "a typo, or a code of another version",
                remedy: "`gatewright explain` without a code lists them all")
        case .unknownRevision:
            Explanation(
                meaning: "the history has no revision of that number", cause: "a typo, or another environment",
                remedy: "`gatewright history` lists the revisions")
        case .unknownObject:
            Explanation(
                meaning: "the recorded state has no object of that address",
                cause: "it was never applied here, or the address is written differently",
                remedy: "compare with the addresses that `gatewright plan` prints")
        case .ambiguousObject:
            Explanation(
                meaning: "the target has several objects of the name that was given",
                cause: "names of APIs, keys and usage plans need not be unique in an account",
                remedy: "name the object by its ARN, which has its id",
                example: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/test/GET/pets")
        case .importNotOffered:
            Explanation(
                meaning: "documents of that kind are not turned into manifests",
                cause: "`--from cloudformation` and `--from sam` come with a later version",
                remedy: "export the API as OpenAPI (`aws apigateway get-export`) and import that",
                example: "gatewright import --from openapi petstore.yaml")
        case .fileMissing:
            Explanation(
                meaning: "a file that the command was given is not there", cause: "a typo in its path",
                remedy: "paths are relative to the current folder")
        case .fileExists:
            Explanation(
                meaning: "a command would have written over a file", cause: "the file is there already",
                remedy: "choose another name, or pass `--force`")
        case .unsupportedTarget:
            Explanation(
                meaning: "the environment's target is one that this version cannot reach",
                cause: "an endpoint that is no URL of a host, `assumeRole`, or no region for AWS",
                remedy: "write `https://HOST` or `https://HOST:PORT`, credentials that need no role to be assumed, and "
                    + "a region", example: "target: { aws: { region: eu-west-1 } }")
        case .missingCredentials:
            Explanation(
                meaning: "no credentials for the target were found",
                cause: "neither the environment, the AWS credentials file nor the data directory has an access key",
                remedy: "set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or name the engine's data directory")
        case .notEmpty:
            Explanation(
                meaning: "`init` writes only into a folder without a configuration",
                cause: "a `gatewright.yaml` is there already",
                remedy: "choose another folder, or edit the one that is there")
        case .badPlanFile:
            Explanation(
                meaning: "the plan file cannot be used", cause: "it is missing, damaged or of another format",
                remedy: "write a new one with `gatewright plan --out FILE`")
        case .staleDigest:
            Explanation(
                meaning: "the plan made now is not the plan that was approved, so nothing was applied",
                cause: "the commit or the recorded state changed since",
                remedy: "plan again, have that plan approved, apply it")
        case .notCorrectable:
            Explanation(
                meaning: "there is no commit to put the target back to",
                cause: "nothing was applied yet, or the applied commit is not in the repository any more",
                remedy: "apply a commit: `gatewright apply --refresh` takes the drift into its plan")
        case .listenRefused:
            Explanation(
                meaning: "a listener could not be opened", cause: "the port is taken by another process",
                remedy: "stop that process, or choose another address; port 0 takes a free one",
                example: "gatewright serve --listen 127.0.0.1:0")
        case .dirtyTree:
            Explanation(
                meaning: "the working tree has changes that are in no commit; they are not part of the plan",
                cause: "edits that were not committed yet",
                remedy: "commit them, or look at them with `gatewright plan --worktree`")
        case .trackedDataDirectory:
            Explanation(
                meaning: "the data directory is tracked by git: its credentials would be published",
                cause: "`.gatewright` was added to the repository",
                remedy:
                    "`git rm -r --cached .gatewright`, add `.gatewright/` to `.gitignore`, and change the credentials")
        case .environmentNeeded:
            Explanation(
                meaning: "the command is about one environment, and it is not clear which",
                cause: "there are several, or none was applied yet", remedy: "name it with `--environment`")
        case .serverUnreachable:
            Explanation(
                meaning: "no controller answered at that URL", cause: "a typo, or a `serve` that does not run",
                remedy: "compare with the `controller` address that `gatewright serve` prints at its start")
        case .serverRefused:
            Explanation(
                meaning: "the controller made no plan", cause: "what the controller says in the message",
                remedy: "explain the code in the message, or look at the controller's log")
        case .cannotMove:
            Explanation(
                meaning: "the recorded object cannot get that address; nothing was changed",
                cause: "what the message says: nothing is recorded there, or the new address is taken",
                remedy: "compare with `gatewright state list`",
                example: "gatewright state mv RestApi/petstore RestApi/shop")
        case .cannotImport:
            Explanation(
                meaning: "the object of the target cannot be taken into the recorded state; nothing was changed",
                cause: "what the message says: it is not there, is recorded already, or belongs to another environment",
                remedy: "declare it in a manifest first, and name the id that the target gave it",
                example: "gatewright state import RestApi/petstore a1b2c3d4e5")
        case .cannotBackUp:
            Explanation(
                meaning: "a backup was not made, or not restored; nothing was changed",
                cause: "a folder that is there already, or that has no backup or no data directory in it",
                remedy: "back up into a new folder; restore into an empty data directory",
                example: "gatewright state backup /backup/monday")
        case .badTime:
            Explanation(
                meaning: "a time that was given cannot be the end of anything: it has passed",
                cause: "a typo, a time zone, or a clock that goes wrong",
                remedy: "give a later time with its zone, or a duration", example: "gatewright pause --until 2h")
        case .commitGone:
            Explanation(
                meaning: "the repository does not have the commit of that revision any more",
                cause: "a branch that was force-pushed or deleted, after which git dropped the commit",
                remedy: "push the commit again from a clone that has it, or go back to another revision",
                example: "git push origin COMMIT:refs/heads/keep")
        case .rollbackFailed:
            Explanation(
                meaning:
                    "the running controller did not bring the environment to that revision; the hold was taken back",
                cause: "what the controller says in the message",
                remedy: "explain the code in the message; `gatewright history` shows what was tried")
        case .badRange:
            Explanation(
                meaning: "what to compare is not given as two commits with dots between",
                cause: "a typo, or only one commit",
                remedy: "write BASE...HEAD for what a merge would do, BASE..HEAD for the two commits as they are",
                example: "gatewright diff origin/main...HEAD")
        case .mergeConflicts:
            Explanation(
                meaning: "the two commits cannot be merged without a person, so there is nothing to plan",
                cause: "both sides changed the same lines since they parted",
                remedy: "merge the base into the branch, solve the conflicts, commit, and compare again",
                example: "git merge origin/main")
        case .shallowClone:
            Explanation(
                meaning: "a commit was not found, and the clone has only a part of the history",
                cause: "continuous integration often clones no more than one commit",
                remedy: "`git fetch --unshallow`, or full history in the checkout", example: "fetch-depth: 0")
        case .baseInvalid:
            Explanation(
                meaning: "the manifests of the base have errors, so what it wants is not known and no plan is shown",
                cause: "a commit with errors was merged before",
                remedy: "nothing for a branch that mends it; after the merge `gatewright plan` shows what happens")
        case .planFileUnwritable:
            Explanation(
                meaning: "the plan was made and could not be written into the file after `--out`",
                cause: "a folder that is not there, no permission, a full disk",
                remedy: "name a file in a folder that can be written", example: "gatewright plan --out plan.json")
        case .otherEnvironment:
            Explanation(
                meaning: "a plan file is of another environment than the one that is to be applied",
                cause: "`--environment` names another one than the plan was made for",
                remedy: "leave `--environment` out, or plan that environment")
        case .otherTarget:
            Explanation(
                meaning: "a plan file is of another target than the environment has now",
                cause: "`spec.target` changed after the plan was made",
                remedy: "plan again and have that plan approved")
        case .badManagedPolicies:
            Explanation(
                meaning: "a folder of managed policies cannot be read",
                cause: "`index.json` is missing or is no list, or a document is no policy",
                remedy: "mend what the message shows; the engine starts with all of the folder or not at all",
                example: "gatewright engine --managed-policies policies")
        case .invalidConfiguration:
            Explanation(
                meaning: "the configuration has errors", cause: "what the message says first",
                remedy: "`gatewright validate` prints all of them with their places")
        }
    }
}
