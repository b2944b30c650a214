/// One of the two files that AWS's tools share: sections of settings.
///
/// - Note: Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files", "Format of the config file".
struct ProfileFile: Sendable, Hashable {
    enum Form: Sendable {
        /// `[name]` begins a profile.
        case credentials
        /// `[profile name]` begins a profile, but for `[default]`; `[sso-session name]` a sign-in that profiles share.
        case config
    }

    let path: String
    private(set) var profiles: [String: [String: String]] = [:]
    private(set) var signOns: [String: [String: String]] = [:]
    private(set) var services: [String: [String: String]] = [:]

    private enum Section: Hashable {
        case profile(String)
        case signOn(String)
        case services(String)
        /// Of no meaning here.
        case other
    }

    init(path: String) { self.path = path }

    /// - Throws: `credentials.bad-file` with the line.
    init(_ text: String, path: String, form: Form) throws(CredentialsFailure) {
        self.path = path
        var section: Section?
        var outer: (indentation: Int, name: String)?
        let isPlainDefault = form == .config
        var hasNamedDefault = false
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.trimmed
            guard !content.isEmpty, !content.hasPrefix("#"), !content.hasPrefix(";") else { continue }
            func bad(_ what: String) -> CredentialsFailure {
                CredentialsFailure(.badFile, "`\(path)`, line \(number + 1): \(what)")
            }
            if content.hasPrefix("[") {
                guard content.hasSuffix("]") else { throw bad("a section's name has no `]`") }
                section = Self.section(content.dropFirst().dropLast().trimmed, form)
                outer = nil
                // `[profile default]` counts before `[default]`.
                if isPlainDefault, section == .profile("default") {
                    let isNamed = content.contains("profile")
                    if !isNamed, hasNamedDefault { section = .other }
                    if isNamed, !hasNamedDefault { profiles["default"] = nil }
                    hasNamedDefault = hasNamedDefault || isNamed
                }
                if let section { begin(section) }
                continue
            }
            let indentation = line.prefix { $0 == " " || $0 == "\t" }.count
            // What is further in belongs to the setting above it: `s3 =` and its own settings.
            if let outer, indentation > outer.indentation {
                if case .services = section { try nested(content, outer.name, section, bad) }
                continue
            }
            guard let section else { throw bad("a setting before the first section") }
            guard let equals = content.firstIndex(of: "=") else { throw bad("a setting has no `=`") }
            let name = content[..<equals].trimmed.lowercased()
            guard !name.isEmpty else { throw bad("a setting has no name") }
            outer = (indentation, name)
            put(name, String(content[content.index(after: equals)...].trimmed), section)
        }
    }

    private mutating func nested(
        _ content: Substring, _ outer: String, _ section: Section?, _ bad: (String) -> CredentialsFailure
    ) throws(CredentialsFailure) {
        guard let section, let equals = content.firstIndex(of: "=") else { throw bad("a setting has no `=`") }
        let name = "\(outer).\(content[..<equals].trimmed.lowercased())"
        put(name, String(content[content.index(after: equals)...].trimmed), section)
    }

    private static func section(_ name: Substring, _ form: Form) -> Section {
        guard form == .config else { return .profile(String(name)) }
        if name == "default" { return .profile("default") }
        let words = name.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
        guard words.count == 2 else { return .other }
        var rest = words[1].trimmed
        for quote in ["\"", "'"] where rest.count >= 2 && rest.hasPrefix(quote) && rest.hasSuffix(quote) {
            rest = rest.dropFirst().dropLast()
        }
        switch words[0] {
        case "profile": return .profile(String(rest))
        case "sso-session": return .signOn(String(rest))
        case "services": return .services(String(rest))
        default: return .other
        }
    }

    private mutating func begin(_ section: Section) {
        switch section {
        case .profile(let name): profiles[name, default: [:]].merge([:]) { _, new in new }
        case .signOn(let name): signOns[name, default: [:]].merge([:]) { _, new in new }
        case .services(let name): services[name, default: [:]].merge([:]) { _, new in new }
        case .other: break
        }
    }

    private mutating func put(_ name: String, _ value: String, _ section: Section) {
        switch section {
        case .profile(let profile): profiles[profile, default: [:]][name] = value
        case .signOn(let signOn): signOns[signOn, default: [:]][name] = value
        case .services(let service): services[service, default: [:]][name] = value
        case .other: break
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
