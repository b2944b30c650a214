import Glibc

/// The process's environment variables: read here and nowhere else.
struct Environment: Sendable {
    subscript(name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
