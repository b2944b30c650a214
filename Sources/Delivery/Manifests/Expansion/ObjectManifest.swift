import Diagnostics
import JSON
import Resources

/// A document whose object is one: what its `spec` says is what the target is to have.
struct ObjectManifest: Sendable {
    let document: ManifestDocument
    let checked: CheckedSpec

    init(_ document: ManifestDocument, variables: Substitution) {
        self.document = document
        checked = CheckedSpec(document, variables: variables)
    }

    /// The object in normal form.
    ///
    /// - Parameter declared: A name of one of these, where the table wants names of its kind, is taken for a reference to
    ///   it: so it comes first, and goes last.
    func resource(among declared: Set<Address>) -> DesiredResource {
        var values = checked.values
        for field in document.schema.fields {
            if field.isName { values[field.name] = .string(document.name) }
            if let kind = field.namesKind {
                values[field.name] = values[field.name]?.mapStrings { Self.reference($0, kind, declared) }
            }
        }
        let normal = document.schema.normalForm(of: .object(values))
        var dependencies: [Address] = []
        for reference in normal.references where !dependencies.contains(reference.address) {
            dependencies.append(reference.address)
        }
        return DesiredResource(
            address: document.address, document: normal, dependencies: dependencies, span: document.nameSpan)
    }

    private static func reference(_ name: String, _ kind: ResourceKind, _ declared: Set<Address>) -> String {
        let address = Address(kind, name)
        return declared.contains(address) ? SymbolicReference(address: address, attribute: "name").description : name
    }
}
