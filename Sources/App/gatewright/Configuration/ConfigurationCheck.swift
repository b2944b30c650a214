import DataPlane
import Diagnostics
import Glibc
import JSON

/// Holds a tree against the table of settings: what is right stays, with paths made absolute; everything that is wrong is
/// said.
struct ConfigurationCheck {
    private(set) var diagnostics: [Diagnostic] = []
    /// The values that are set, in the order of the file.
    private(set) var leaves: [EffectiveSetting] = []
    /// Where paths in the file start; nil without a file.
    let file: (path: String, folder: String)?

    init(file: (path: String, folder: String)?) { self.file = file }

    /// - Returns: The tree without what is wrong; nil when nothing is left.
    mutating func check(_ node: Node, pattern: String = "", path: String = "") -> Node? {
        guard !node.isNull, let shape = Setting.shape(of: pattern) else { return nil }
        switch shape {
        case .leaf(let setting): return leaf(node, setting, path)
        case .list: return list(node, pattern, path)
        case .map(let names, let chosen): return map(node, names, chosen, pattern, path)
        }
    }

    private mutating func list(_ node: Node, _ pattern: String, _ path: String) -> Node? {
        guard let elements = node.elements else { return wrongType(node, "a list", path) }
        guard elements.count <= Limits.configurationElements else { return tooMany(node, elements.count, path) }
        let kept = elements.enumerated().compactMap { position, element in
            element.members == nil
                ? wrongType(element, "a map", "\(path)[\(position)]")
                : check(element, pattern: pattern + "[]", path: "\(path)[\(position)]")
        }
        return Node(.array(kept), at: node.span)
    }

    private mutating func map(
        _ node: Node, _ names: [String], _ chosen: String?, _ pattern: String, _ path: String
    ) -> Node? {
        guard let members = node.members else { return wrongType(node, "a map", path) }
        guard members.count <= Limits.configurationElements else { return tooMany(node, members.count, path) }
        let prefix = pattern.isEmpty ? "" : pattern + "."
        var kept: [Node.Member] = []
        for member in members {
            let place = path.isEmpty ? member.name : "\(path).\(member.name)"
            guard let name = names.contains(member.name) ? member.name : chosen else {
                error(
                    .unknownKey, "`\(place)` is no setting", at: member.nameSpan,
                    Suggestion.nearest(to: member.name, among: names).map { "did you mean `\($0)`?" }
                        ?? "\(path.isEmpty ? "the sections" : "the keys of `\(path)`") are "
                        + names.map { "`\($0)`" }.joined(separator: ", "))
                continue
            }
            if let value = check(member.value, pattern: prefix + name, path: place) {
                kept.append(.init(name: member.name, nameSpan: member.nameSpan, value: value))
            }
        }
        for name in names where Setting.byName[prefix + name]?.isRequired == true {
            guard node[name].map({ $0.isNull }) != false else { continue }
            error(
                .missingKey, "`\(path)` has no `\(name)`", at: members.first?.nameSpan ?? node.span, "add `\(name)`")
        }
        return Node(.object(kept), at: node.span)
    }

    // MARK: Leaves

    private mutating func leaf(_ node: Node, _ setting: Setting, _ path: String) -> Node? {
        guard let value = value(node, setting, path) else { return nil }
        leaves.append(EffectiveSetting(setting: setting, path: path, value: value, origin: origin(node)))
        return value
    }

    private mutating func value(_ node: Node, _ setting: Setting, _ path: String) -> Node? {
        switch setting.form {
        case .text: return text(node, path) == nil ? nil : node
        case .account:
            guard let text = text(node, path) else { return nil }
            guard text.utf8.count == 12, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return error(.unknownValue, "`\(path)` cannot be `\(text)`", at: node.span, "write 12 digits")
            }
            return node
        case .choice(let words):
            guard let text = text(node, path) else { return nil }
            guard words.contains(text) else {
                return error(
                    .unknownValue, "`\(path)` cannot be `\(text)`", at: node.span,
                    Suggestion.nearest(to: text, among: words).map { "did you mean `\($0)`?" }
                        ?? "write " + words.map { "`\($0)`" }.joined(separator: ", "))
            }
            return node
        case .number(let range): return number(node, range, path)
        case .fraction:
            guard let number = node.number else { return wrongType(node, "a number from 0 to 1", path) }
            guard (0...1).contains(number.double) else { return outOfRange(node, number.text, "0 to 1", path) }
            return node
        case .flag: return node.bool == nil ? wrongType(node, "true or false", path) : node
        case .address:
            guard let text = text(node, path) else { return nil }
            guard ListenAddress(argument: text) != nil else {
                return error(
                    .badAddress, "`\(path)` cannot be `\(text)`", at: node.span, "write HOST:PORT, as `127.0.0.1:0`")
            }
            return node
        case .url: return url(node, path)
        case .file: return place(node, "file", path)
        case .folder: return place(node, "folder", path)
        case .secret:
            if node.scalarText != nil {
                // The text itself is not repeated.
                return error(
                    .plainSecret, "`\(path)` has the secret itself", at: node.span,
                    "write `{env: NAME}` or `{file: PATH}`")
            }
            return secret(node, path)
        case .secretOrText: return node.members == nil ? (text(node, path) == nil ? nil : node) : secret(node, path)
        case .names: return names(node, path)
        case .places: return places(node, path)
        case .requestPath:
            guard let text = text(node, path) else { return nil }
            guard text.hasPrefix("/"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                return error(
                    .unknownValue, "`\(path)` cannot be `\(text)`", at: node.span, "write a path, as `/health`")
            }
            return node
        case .any: return node
        }
    }

    /// LIMIT: 4,096 bytes.
    private mutating func text(_ node: Node, _ path: String) -> String? {
        guard let text = node.scalarText else {
            wrongType(node, "a text", path)
            return nil
        }
        guard (1...4096).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            error(
                .outOfRange, "`\(path)` is empty, too long, or has control characters", at: node.span,
                "write 1 to 4,096 characters on one line")
            return nil
        }
        return text
    }

    private mutating func number(_ node: Node, _ range: ClosedRange<Int>, _ path: String) -> Node? {
        guard let number = node.number, number.double.rounded() == number.double else {
            return wrongType(node, "a whole number", path)
        }
        guard let value = number.int, range.contains(value) else {
            return outOfRange(node, number.text, "\(range.lowerBound) to \(range.upperBound)", path)
        }
        return node
    }

    private mutating func url(_ node: Node, _ path: String) -> Node? {
        guard let text = text(node, path) else { return nil }
        guard PlainURL.isValid(text) else {
            return error(
                .badURL, "`\(path)` cannot be `\(PlainURL.withoutUser(text))`", at: node.span,
                "write a URL that starts with `https://` or `http://`, without a user")
        }
        return node
    }

    private mutating func names(_ node: Node, _ path: String) -> Node? {
        guard let elements = node.elements else { return wrongType(node, "a list", path) }
        guard elements.count <= Limits.configurationElements else { return tooMany(node, elements.count, path) }
        let kept = elements.enumerated().filter { text($0.element, "\(path)[\($0.offset)]") != nil }
        return Node(.array(kept.map(\.element)), at: node.span)
    }

    private mutating func places(_ node: Node, _ path: String) -> Node? {
        guard let named = names(node, path) else { return nil }
        guard let elements = named.elements, !elements.isEmpty else {
            return error(.outOfRange, "`\(path)` is empty", at: node.span, "write at least one HOST:PORT")
        }
        guard elements.count <= LinkTargets.addressesMax else {
            return error(
                .outOfRange, "`\(path)` has \(elements.count) elements", at: node.headSpan,
                "write at most \(LinkTargets.addressesMax)")
        }
        let kept = elements.filter { element in
            guard let text = element.scalarText, !LinkTargets.isAddress(text) else { return true }
            error(
                .badAddress, "`\(path)` cannot have `\(text)`", at: element.span,
                "write HOST:PORT, as `10.0.0.11:8080`")
            return false
        }
        return Node(.array(kept), at: node.span)
    }

    private mutating func secret(_ node: Node, _ path: String) -> Node? {
        guard let members = node.members, members.count == 1, let member = members.first,
            member.name == "env" || member.name == "file"
        else { return wrongType(node, "`{env: NAME}` or `{file: PATH}`", path) }
        guard let text = text(member.value, "\(path).\(member.name)") else { return nil }
        let value = member.name == "file" ? absolute(text, member.value) : text
        return Node(
            .object([
                .init(name: member.name, nameSpan: member.nameSpan, value: Node(.string(value), at: member.value.span))
            ]),
            at: node.span)
    }

    /// A secret's file may come later; what a setting names itself has to be there now.
    private mutating func place(_ node: Node, _ what: String, _ path: String) -> Node? {
        guard let text = text(node, path) else { return nil }
        let place = absolute(text, node)
        // What this user may not look at may be there: whoever uses it says so.
        if access(place, F_OK) != 0, errno == ENOENT || errno == ENOTDIR {
            return error(
                .missingFile, "`\(path)` names the \(what) `\(place)`, which is not there", at: node.span,
                "correct the path, or put the \(what) there")
        }
        return Node(.string(place), at: node.span)
    }

    private func absolute(_ path: String, _ node: Node) -> String {
        guard !path.hasPrefix("/") else { return path }
        if let file, node.span.file == file.path { return file.folder + "/" + path }
        return DataDirectory.absolute(path)
    }

    private func origin(_ node: Node) -> EffectiveSetting.Origin {
        if let file, node.span.file == file.path { return .file(line: node.span.line, path: file.path) }
        return .override(node.span.file)
    }

    // MARK: What is wrong

    @discardableResult
    private mutating func wrongType(_ node: Node, _ wanted: String, _ path: String) -> Node? {
        let what = path.isEmpty ? "the file" : "`\(path)`"
        return error(
            .wrongType, "\(what) wants \(wanted), and has \(node.typeName)", at: node.headSpan, "write \(wanted)")
    }

    private mutating func tooMany(_ node: Node, _ count: Int, _ path: String) -> Node? {
        error(
            .outOfRange, "`\(path)` has \(count) elements", at: node.headSpan,
            "write at most \(Limits.configurationElements)")
    }

    private mutating func outOfRange(_ node: Node, _ text: String, _ range: String, _ path: String) -> Node? {
        error(
            .outOfRange, "`\(path)` cannot be `\(text.prefix(40))`", at: node.span, "write a number from \(range)")
    }

    @discardableResult
    private mutating func error(
        _ code: ConfigurationCode, _ message: String, at span: SourceSpan, _ remedy: String
    ) -> Node? {
        diagnostics.append(Diagnostic(.error, code, message, at: span, remedy: remedy))
        return nil
    }
}

extension Node {
    /// Where it starts: the first member's name, for a map.
    fileprivate var headSpan: SourceSpan { members?.first?.nameSpan ?? span }
}

/// As much of a URL as the configuration checks: who connects reads the rest.
enum PlainURL {
    static func isValid(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return false }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            return false
        }
        return ListenAddress(argument: String(authority)) != nil || ListenAddress(argument: authority + ":1") != nil
    }

    /// For messages: a password in a URL is not repeated.
    static func withoutUser(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@"), let scheme = text.firstRange(of: "://"), scheme.upperBound < at else {
            return text
        }
        return text[..<scheme.upperBound] + "•••@" + text[text.index(after: at)...]
    }
}
