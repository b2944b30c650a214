import Diagnostics

extension ManifestCode {
    var patchExplanation: Explanation {
        switch self {
        case .badPatch:
            Explanation(
                meaning: "an entry of `spec.patches` is no patch, or changes what no patch may change",
                cause:
                    "an operation without its `value` or `from`, a path that is no JSON Pointer, a path outside of `/spec`",
                remedy: "write the operation as RFC 6902 has it; names with `/` or `~` are written with `~1` and `~0`",
                example: "{ op: replace, path: spec/stages/test }")
        case .patchMatchesNothing:
            Explanation(
                meaning: "a patch is for a manifest that the environment does not have",
                cause: "a mistyped kind or name, or a manifest that was renamed or removed",
                remedy: "correct the target, or remove the patch")
        case .patchPathMissing:
            Explanation(
                meaning: "a patch changes a place that the manifest does not have",
                cause: "a mistyped path, or a manifest that was changed since the patch was written",
                remedy: "correct the path; `add` makes the last part of a path, and nothing before it")
        default:
            Explanation(
                meaning: "a `test` of a patch did not find the value that it is for",
                cause: "the manifest was changed, and the patch was written for what it said before",
                remedy: "read the patch again, and correct the value or the patch")
        }
    }
}
