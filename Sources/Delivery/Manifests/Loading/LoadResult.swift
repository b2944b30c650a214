package import Diagnostics
package import Resources

/// What became of one environment of one tree.
package struct LoadResult: Sendable {
    package enum Outcome: Sendable {
        /// Warnings and notes are the graph's findings.
        case graph(DesiredGraph)
        /// At least one is an error; all that could be found at once, in the order of their places.
        case refused([Diagnostic])
    }

    package var outcome: Outcome
    /// Of the environment; the defaults when it could not be read.
    package var drift: DriftSettings
    /// Every file that was read, in the byte order of the paths: only a change of one of these, or of the list of files
    /// under ``foldersRead``, can change the outcome.
    package var filesRead: [String]
    /// Folders (or files) that the environment names in `spec.manifests`, relative to the root.
    package var foldersRead: [String]
    /// Files under these folders that may be manifests, each once: the list of files that matters.
    package var candidates: [String]
    /// Where `gatewright.yaml` is.
    package var configurationPath: String
    /// What of `gatewright.yaml` counts for the environment: equal texts, equal meaning. Nil where all of the file
    /// counts, since it has errors.
    package var configuration: String?
    /// YAML and JSON files under these folders that are no manifests and that no manifest names.
    package var ignoredFileCount: Int
    /// Names of all environments of the tree, in the order of the files.
    package var environments: [String]

    package var graph: DesiredGraph? { if case .graph(let graph) = outcome { graph } else { nil } }

    package var diagnostics: [Diagnostic] {
        switch outcome {
        case .graph(let graph): graph.findings
        case .refused(let diagnostics): diagnostics
        }
    }
}
