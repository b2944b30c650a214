import Diagnostics

/// Diagnostics in the order of their places, each once, at most ``Limits/diagnostics``.
struct DiagnosticList {
    let diagnostics: [Diagnostic]

    init(_ all: [Diagnostic]) {
        var seen: Set<Diagnostic> = []
        // The sort is stable: what is said of one place keeps its order.
        var sorted = all.filter { seen.insert($0).inserted }.sorted { left, right in
            switch (left.spans.first, right.spans.first) {
            case (let left?, let right?): left < right
            case (nil, .some): true
            case (_, nil): false
            }
        }
        if sorted.count > Limits.diagnostics {
            // Errors first: a cut may not turn a refusal into a warning.
            let errors = sorted.filter { $0.severity == .error }
            let kept = (errors + sorted.filter { $0.severity != .error }).prefix(Limits.diagnostics)
            sorted = Array(kept)
            sorted.append(
                Diagnostic(
                    errors.isEmpty ? .note : .error, ManifestCode.tooManyProblems, "there are more problems than these",
                    at: nil, remedy: "correct those that are listed first"))
        }
        diagnostics = sorted
    }
}
