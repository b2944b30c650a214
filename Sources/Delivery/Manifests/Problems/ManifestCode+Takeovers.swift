import Diagnostics

extension ManifestCode {
    var takeoverExplanation: Explanation {
        switch self {
        case .badRename:
            Explanation(
                meaning: "`metadata.previousName` names what cannot have been the object's name",
                cause: "the name is still, or again, that of another manifest, or two manifests claim it",
                remedy: "remove the line once the rename is applied everywhere; rename one step per commit",
                example: "metadata: { name: cats, previousName: pets }    # while another manifest is named pets")
        default:
            Explanation(
                meaning: "`metadata.adopt` takes over what another line of the manifests claims",
                cause: "two manifests name one id, or a manifest has both `adopt` and `previousName`",
                remedy: "keep one of the lines: an object of the target is one manifest's",
                example: "metadata: { name: cats, adopt: a1b2c3d4e5 }")
        }
    }
}
