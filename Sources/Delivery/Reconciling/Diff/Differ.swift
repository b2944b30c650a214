package import Diagnostics
package import Manifests
package import Planning
import Resources

/// Plans from what one tree of files wants to what another wants: with no state, no target and no secret.
package struct Differ: Sendable {
    package enum Outcome: Sendable {
        /// In the order of the environments' names.
        case sections([DiffReport.Section])
        /// The manifests of the result have errors: all that could be found, each once.
        case refused([Diagnostic])
    }

    private let loader: ManifestLoader

    package init(loader: ManifestLoader) { self.loader = loader }

    /// - Parameters:
    ///   - environment: The only one that is wanted; nil for all of either tree.
    /// - Throws: Only when files cannot be read.
    package func compare(
        base: some FileTree, result: some FileTree, environment: String? = nil
    ) async throws(TreeFailure) -> Outcome {
        let after = try await loader.environments(in: result)
        // What is wrong with one environment is found again when that one is loaded.
        guard after.isWhole else { return .refused(after.diagnostics) }
        let before = try await baseEnvironments(base)
        let known = Set(after.names).union(before.names)
        if let environment, !known.contains(environment) {
            // The loader knows how to say that there is no such environment, and which there are.
            return .refused(try await loader.load(environment: environment, from: result).diagnostics)
        }
        var sections: [DiffReport.Section] = []
        var wrong: [Diagnostic] = []
        for name in environment.map({ [$0] }) ?? known.sorted() {
            let isInBase = before.problems == nil && before.names.contains(name)
            let old = isInBase ? try await loader.load(environment: name, from: base) : nil
            var new: LoadResult?
            if after.names.contains(name) {
                let isSame = try await Self.isSame(old, base, result, name, loader)
                new = isSame ? old : try await loader.load(environment: name, from: result)
            }
            if let new, new.graph == nil { wrong += new.diagnostics }
            guard wrong.isEmpty, let outcome = Self.outcome(before, old, new) else { continue }
            sections.append(DiffReport.Section(environment: name, outcome: outcome))
        }
        guard wrong.isEmpty else {
            var seen: Set<Diagnostic> = []
            return .refused(wrong.filter { seen.insert($0).inserted })
        }
        return .sections(sections)
    }

    /// True if nothing that the environment is made of differs, so that it need not be read again.
    private static func isSame(
        _ old: LoadResult?, _ base: some FileTree, _ result: some FileTree, _ environment: String,
        _ loader: ManifestLoader
    ) async throws(TreeFailure) -> Bool {
        guard let old, let base = base as? CommitTree, let result = result as? CommitTree else { return false }
        return try await TreeInputs(of: old, in: base).areSame(in: result, for: environment, loader)
    }

    private static func outcome(
        _ base: BaseEnvironments, _ old: LoadResult?, _ new: LoadResult?
    ) -> DiffReport.Outcome? {
        if let problems = base.problems { return .baseInvalid(problems) }
        if let old, old.graph == nil { return .baseInvalid(old.diagnostics) }
        guard let before = old?.graph, let after = new?.graph else {
            return DiffReport.outcome(from: old?.graph, to: new?.graph)
        }
        return .plan(plan(from: before, to: after))
    }

    /// The guards of the base hold, as they will when the result is applied; what the result loosens is named.
    private static func plan(from before: DesiredGraph, to after: DesiredGraph) -> Plan {
        let (applied, written) = (AppliedGuards(before), AppliedGuards(after))
        var plan = Planner.plan(from: before, to: ControllerGuards().applied(to: after, applied))
        plan.needConsent(written.loosening(applied))
        return plan
    }

    private struct BaseEnvironments {
        var names: [String]
        /// Nil if the list is whole.
        var problems: [Diagnostic]?
    }

    /// A base without any configuration has no environments: all of them are new.
    private func baseEnvironments(_ base: some FileTree) async throws(TreeFailure) -> BaseEnvironments {
        let found = try await loader.environments(in: base)
        let isUnconfigured = found.diagnostics.contains { $0.code == ManifestCode.noConfiguration.rawValue }
        if isUnconfigured { return BaseEnvironments(names: []) }
        return BaseEnvironments(names: found.names, problems: found.isWhole ? nil : found.diagnostics)
    }
}
