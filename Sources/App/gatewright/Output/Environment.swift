import Glibc

/// The process's environment variables: read here and nowhere else.
struct Environment: Sendable {
    subscript(name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// The names that are set, as they were when the process began; none where the system does not say.
    func names(startingWith prefix: String) -> [String] {
        let text: String?
        do { text = try FileText.read("/proc/self/environ") } catch { return [] }
        return (text ?? "").split(separator: "\0").compactMap { variable in
            let name = variable.prefix { $0 != "=" }
            return name.hasPrefix(prefix) ? String(name) : nil
        }
    }
}
