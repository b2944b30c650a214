import DataPlane
import Diagnostics
import JSON
import Resources

/// Names the private links that will fail on the engine: its configuration does not say what stands behind them.
enum LinkCheck {
    /// - Parameter targets: The ARNs that the configuration has targets for.
    static func check(_ graph: DesiredGraph, targets: Set<String>) -> [Diagnostic] {
        // Of an engine elsewhere the configuration is not known here.
        guard let engine = graph.target["engine"], engine["endpoint"] == nil else { return [] }
        return graph.resources.flatMap { link -> [Diagnostic] in
            guard link.address.kind == .vpcLink else { return [] }
            let arns = link.document["targetArns"]?.array?.compactMap(\.string) ?? []
            return arns.filter { !$0.contains("${") && !targets.contains($0) }.map { arn in
                Diagnostic(
                    .warning, ConfigurationProblem.linkTarget,
                    "`\(link.address)` will fail: the configuration has no targets of `\(arn)`", at: link.span,
                    remedy: "add `\(arn)` under `engine.endpoints.targets`, or give the engine's file by `--config`")
            }
        }
    }
}
