import Diagnostics
import JSON

extension DocumentReading {
    /// Says what is wrong at `place`. `service` is the text of the service for it, which the engine answers with.
    mutating func problem(
        _ code: OpenAPICode, as severity: Diagnostic.Severity = .error, _ message: String, at spans: [SourceSpan],
        remedy: String? = nil, service: String? = nil
    ) {
        let count = problemCounts[severity, default: 0]
        problemCounts[severity] = count + 1
        guard count < Limits.diagnosticsMax else {
            guard count == Limits.diagnosticsMax else { return }
            let last = "there are more than \(Limits.diagnosticsMax) problems of this severity"
            diagnostics.append(
                Diagnostic(
                    severity, OpenAPICode.tooManyProblems, last, at: root.node.span, remedy: "correct the others first")
            )
            return
        }
        let text = Self.clipped(isManifest ? message : service ?? message)
        diagnostics.append(Diagnostic(severity, code, text, at: spans, remedy: remedy.map(Self.clipped)))
    }

    /// Names and values of the user's may be of any length; what is said of them is not.
    private static func clipped(_ text: String) -> String {
        text.utf8.count <= Limits.messageBytesMax ? text : text.prefix(Limits.messageBytesMax / 4) + "..."
    }

    /// The known name that is nearest, for the first problems only: the search is slow where there are many names.
    func suggestion(for name: String, among names: @autoclosure () -> [String]) -> String? {
        guard diagnostics.count < Limits.suggestionsMax else { return nil }
        return Suggestion.nearest(to: name, among: names())
    }

    mutating func problem(
        _ code: OpenAPICode, as severity: Diagnostic.Severity = .error, _ message: String, at place: Place,
        remedy: String? = nil, service: String? = nil
    ) {
        problem(code, as: severity, message, at: [place.node.span], remedy: remedy, service: service)
    }

    /// An error in a manifest; the service lets it pass, and says nothing.
    mutating func manifestProblem(
        _ code: OpenAPICode, _ message: String, at spans: [SourceSpan], remedy: String? = nil
    ) {
        if isManifest { problem(code, message, at: spans, remedy: remedy) }
    }

    mutating func wrongType(_ place: Place, wanted: String) {
        guard !place.isIntrinsic else { return }
        if !isManifest, place.node.isNull { return }
        problem(.wrongType, "\(place.name) must be \(wanted), not \(place.node.typeName)", at: place)
    }

    mutating func missing(_ name: String, in place: Place) {
        problem(.missingMember, "\(place.name) has no `\(name)`", at: [place.nameSpan], remedy: "add `\(name)`")
    }

    mutating func ignored(_ what: String, at place: Place) {
        problem(
            .ignoredMember, as: .warning, "\(what) at \(place.name) has no effect on an API of API Gateway",
            at: [place.nameSpan])
    }

    /// Looks for members that nothing reads.
    ///
    /// - Parameters:
    ///   - known: nil where names are the user's own, so that only extensions are looked at.
    ///   - isStrict: an unknown name is an error in manifests; else a warning.
    mutating func checkNames(of place: Place, known: [String]?, extensions: [String] = [], isStrict: Bool) {
        for (name, member) in place.members ?? [] {
            if name.hasPrefix(Extensions.prefix) {
                if !extensions.contains(name) { unknownExtension(name, member, allowed: extensions) }
            } else if isManifest, let known, !known.contains(name), !name.hasPrefix("x-"), !place.isIntrinsic {
                let near = suggestion(for: name, among: known)
                problem(
                    .unknownMember, as: isStrict ? .error : .warning, "nothing reads `\(name)` at \(member.name)",
                    at: [member.nameSpan], remedy: near.map { "did you mean `\($0)`" } ?? "remove it")
            }
        }
    }

    private mutating func unknownExtension(_ name: String, _ place: Place, allowed: [String]) {
        let severity: Diagnostic.Severity = isManifest ? .error : .warning
        guard !Extensions.all.contains(name) else {
            problem(
                .unknownExtension, as: severity, "`\(name)` does not belong at \(place.name)", at: [place.nameSpan],
                remedy: "move it to the level where it is read")
            return
        }
        let near = suggestion(for: name, among: allowed) ?? suggestion(for: name, among: Extensions.all)
        problem(
            .unknownExtension, as: severity, "API Gateway has no extension `\(name)`", at: [place.nameSpan],
            remedy: near.map { "did you mean `\($0)`" } ?? "remove it")
    }

    // MARK: - CloudFormation

    /// Refuses every function of CloudFormation at its place.
    mutating func findIntrinsics() {
        var trail: [String] = []
        for member in root.node.members ?? [] where member.name != "servers" {
            trail.append(member.name)
            findIntrinsics(in: member.value, &trail)
            trail.removeLast()
        }
    }

    /// Every node is met, so a path is made only of a place that is reported.
    private mutating func findIntrinsics(in node: Node, _ trail: inout [String]) {
        switch node.content {
        case .string(let text):
            guard text.utf8.contains(UInt8(ascii: "$")), text.contains("${AWS::") else { return }
            intrinsic("`${AWS::...}`", at: Place(node, path: trail.joined(separator: ".")))
        case .array(let elements):
            for (position, element) in elements.enumerated() {
                trail.append("[\(position)]")
                findIntrinsics(in: element, &trail)
                trail.removeLast()
            }
        case .object(let members):
            let place = Place(node)
            if place.isIntrinsic, let member = members.first {
                return intrinsic("`\(member.name)`", at: Place(node, path: trail.joined(separator: ".")))
            }
            for member in members {
                trail.append(member.name)
                findIntrinsics(in: member.value, &trail)
                trail.removeLast()
            }
        case .null, .bool, .number: return
        }
    }

    private mutating func intrinsic(_ what: String, at place: Place) {
        problem(
            .cloudFormationIntrinsic, "\(what) at \(place.name) is a function of CloudFormation", at: place,
            remedy: "use `${var.name}` for what differs by environment, `${Kind/name.attribute}` for other objects")
    }
}
