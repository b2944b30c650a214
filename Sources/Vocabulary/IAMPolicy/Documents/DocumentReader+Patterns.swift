import Diagnostics
import JSON

extension DocumentReader {
    /// SOURCE: IAM user guide, "IAM JSON policy elements: Action"; for trust policies the message of the service.
    mutating func checkAction(_ text: String, at node: Node) {
        if kind == .trust { return checkTrustAction(text, at: node) }
        guard text != "*" else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            error(
                .badAction, "`\(text)` is no action", at: node,
                remedy: "write `service:Name`, or `*` for every action of every service")
            return
        }
        if parts[0].contains(where: { "*?".contains($0) }) {
            error(
                .badAction, "the service of the action `\(text)` has a wildcard", at: node,
                remedy: "name the service, or write `*` alone")
        } else if !parts[0].utf8.allSatisfy(Self.isServiceByte) {
            error(.badAction, "`\(parts[0])` is no service", at: node, remedy: "write `service:Name`")
        }
        if !parts[1].utf8.allSatisfy({ Self.isServiceByte($0) || "*?_".utf8.contains($0) }) {
            error(
                .badAction, "the action `\(text)` has a character that no action has", at: node,
                remedy: "use letters, digits, `*` and `?`")
        }
    }

    private static let trustActions = [
        "sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml", "sts:tagsession",
        "sts:setsourceidentity",
    ]

    private mutating func checkTrustAction(_ text: String, at node: Node) {
        let pattern = ActionPattern(text)
        let isKnown = Self.trustActions.contains { Glob.matches(pattern.bytes.span, Array($0.utf8).span) }
        guard pattern.service != "sts" || !isKnown else { return }
        error(
            .badAction, "a trust policy is about assuming the role, and `\(text)` is not", at: node,
            remedy: "use `sts:AssumeRole`, `sts:AssumeRoleWithWebIdentity`, `sts:AssumeRoleWithSAML`, "
                + "`sts:TagSession` or `sts:SetSourceIdentity`")
    }

    private static func isServiceByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    mutating func checkResource(_ text: String, at node: Node) {
        guard let read = variableText(text, hasWildcards: true, at: node), text != "*" else { return }
        let isShorthand = kind == .resource && text.hasPrefix("execute-api:/")
        guard isShorthand || text.hasPrefix("arn:") || text.first == "*" else {
            error(
                .badResource, "`\(text)` is no ARN", at: node,
                remedy: "write the ARN, or `*`" + (kind == .resource ? ", or `execute-api:/stage/METHOD/path`" : ""))
            return
        }
        if isShorthand { return }
        if read.fixed == nil, !read.hasSixPartsBeforeVariables {
            error(
                .badResource, "a variable stands outside the last part of `\(text)`", at: node,
                remedy: "use `*` there, and a condition if the account or region matters")
            return
        }
        lintResource(text, at: node)
    }

    /// Says what is wrong with `${...}`; nil if something is.
    mutating func variableText(_ text: String, hasWildcards: Bool, at node: Node) -> VariableText? {
        if version == .v2008, text.contains("${") {
            warn(
                .oldVersion, "`\(text)` is literal text in a policy of version 2008-10-17", at: node.span,
                remedy: "add `\"Version\": \"2012-10-17\"`")
        }
        do {
            return try VariableText(text, hasWildcards: hasWildcards, hasVariables: version == .v2012)
        } catch {
            self.error(.badVariable, Self.message(error, text), at: node, remedy: Self.remedy(error))
            return nil
        }
    }

    private static func message(_ fault: VariableText.Fault, _ text: String) -> String {
        switch fault {
        case .notClosed: "a variable of `\(text)` has no closing brace"
        case .empty: "`\(text)` has a variable without a name"
        case .badName(let inside): "`${\(inside)}` is no policy variable"
        case .badDefault(let inside): "the default of `${\(inside)}` is not in single quotes"
        }
    }

    private static func remedy(_ fault: VariableText.Fault) -> String {
        switch fault {
        case .badDefault: "write `${service:key, 'default'}`"
        default: "write `${service:key}`, such as `${aws:username}`; a dollar sign is `${$}`"
        }
    }
}

extension VariableText {
    /// True if the text before the first variable has the first five colons of an ARN.
    var hasSixPartsBeforeVariables: Bool {
        guard case .text(let bytes)? = parts.first else { return false }
        return ARNText(bytes).hasSixParts
    }
}
