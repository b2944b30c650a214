package import Diagnostics
package import JSON

/// One object that a commit wants on the target.
package struct DesiredResource: Sendable {
    package var address: Address
    /// In normal form, references to other objects still symbolic (`${Kind/name.attribute}`).
    package var document: JSONValue
    /// Must exist first, and go last. Every address is one of the graph's.
    package var dependencies: [Address]
    /// Where the user wrote it; nil for what is derived.
    package var span: SourceSpan?

    package init(address: Address, document: JSONValue, dependencies: [Address] = [], span: SourceSpan? = nil) {
        self.address = address
        self.document = document
        self.dependencies = dependencies
        self.span = span
    }
}

/// Everything that one environment of one commit wants, checked and in normal form.
package struct DesiredGraph: Sendable {
    /// `metadata.name` of the Environment.
    package var environment: String
    /// `spec.target` as the resolved Environment writes it; part of the plan's digest.
    package var target: JSONValue
    package var apply: ApplySettings
    /// In the order of their addresses, each address once.
    package private(set) var resources: [DesiredResource]
    /// Warnings and notes that go with the plan; a graph with errors is not made.
    package var findings: [Diagnostic]
    /// Former names of the manifests' objects.
    package var renames: [Rename] = []
    /// Objects of the target that manifests take over.
    package var adoptions: [Adoption] = []
    /// How the environment is watched; nil where nothing says it.
    package var watch: DriftGuard?
    /// The code of its functions.
    package var code: [CodeArchive] = []

    package init(
        environment: String, target: JSONValue, apply: ApplySettings, resources: [DesiredResource],
        findings: [Diagnostic] = []
    ) {
        self.environment = environment
        self.target = target
        self.apply = apply
        self.resources = resources.sorted { $0.address < $1.address }
        self.findings = findings
    }

    /// The same with other objects.
    package func with(_ resources: [DesiredResource]) -> DesiredGraph {
        var graph = self
        graph.resources = resources.sorted { $0.address < $1.address }
        return graph
    }
}

/// `spec.apply` of an Environment.
package struct ApplySettings: Sendable, Hashable {
    package enum OnFailure: String, Sendable { case rollback, hold }

    /// Steps in flight at most: 1 to 64.
    package var parallelism: Int = 8
    package var onFailure: OnFailure = .rollback
    /// Deletes that one plan may have without consent.
    package var maxDeletes: Int = 20
    /// Address patterns with `*`: objects that no plan may delete or replace.
    package var protect: [String] = []
    /// What stages are asked after they were flipped; each rule that is for a stage counts.
    package var probes: [ProbeRule] = []

    package init() {}
}
