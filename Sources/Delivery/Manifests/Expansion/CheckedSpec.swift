import Diagnostics
import JSON
import Resources

/// The `spec` of a document, variables put in, and held against its kind's table.
struct CheckedSpec: Sendable {
    let spec: Node
    /// The members of `spec` that are right.
    let values: JSONObject
    let diagnostics: [Diagnostic]
    /// Names of variables.
    let used: Set<String>
    let references: [PlacedReference]
    /// `metadata.adopt`, variables put in; nil where nothing is taken over.
    let adoption: Adoption?

    init(_ document: ManifestDocument, variables: Substitution) {
        var substitution = variables
        spec = substitution.apply(to: document.spec)
        let adopt = document.adopt.map { substitution.apply(to: $0) }
        let physicalID = adopt?.scalarText ?? ""
        adoption =
            physicalID.isEmpty || Substitution.hasUnset(physicalID)
            ? nil : Adoption(document.address, physicalID: physicalID, span: adopt?.span)
        var check = SchemaCheck(
            notSupported: document.schema.notSupportedYet, inlineSizeMax: document.schema.kind.inlinePoliciesSizeMax)
        values = check.structure(spec, document.schema.writtenFields, at: "spec")
        diagnostics =
            substitution.diagnostics + check.diagnostics + PolicyCheck.unknownManaged(spec["managedPolicyArns"])
            + PolicyCheck.unknownManaged(spec["permissionsBoundary"])
        used = substitution.used
        references = substitution.references
    }
}
