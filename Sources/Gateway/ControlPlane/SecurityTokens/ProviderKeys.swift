import JSON
import Synchronization

/// The keys that OpenID providers publish, fetched as their discovery documents say and kept for a while.
final class ProviderKeys: Sendable {
    private struct Entry {
        var keys: [JSONObject]
        var fetched: Int
    }

    private let fetch: (@Sendable (String) async throws -> [UInt8])?
    private let entries = Mutex<[String: Entry]>([:])

    init(_ fetch: (@Sendable (String) async throws -> [UInt8])?) { self.fetch = fetch }

    /// - Parameter provider: Name of a provider of the account: its URL without `https://`.
    /// - Throws: `IDPCommunicationError`, `InvalidIdentityToken`.
    func keys(of provider: String, now: Int) async throws(ServiceError) -> [JSONObject] {
        if let entry = entries.withLock({ $0[provider] }), now - entry.fetched < Limits.providerKeysSeconds {
            return entry.keys
        }
        let discovery = try await object("https://\(provider)/.well-known/openid-configuration")
        guard let url = discovery.string("jwks_uri"), url.hasPrefix("https://") else {
            throw .invalidIdentityToken("Couldn't retrieve verification key from your identity provider")
        }
        let keys = (try await object(url)["keys"]?.array ?? []).compactMap(\.object)
        entries.withLock { entries in
            if entries.count >= Limits.providersWithKeysMax { entries.removeAll() }
            entries[provider] = Entry(keys: keys, fetched: now)
        }
        return keys
    }

    private func object(_ url: String) async throws(ServiceError) -> JSONObject {
        let unreachable = ServiceError.query(
            400, "IDPCommunicationError", "Unable to communicate with the identity provider at \(url)")
        guard let fetch else { throw unreachable }
        let bytes: [UInt8]
        do { bytes = try await fetch(url) } catch { throw unreachable }
        do {
            if let object = try JSONValue(parsing: bytes).object { return object }
        } catch {}
        throw .invalidIdentityToken("Couldn't retrieve verification key from your identity provider")
    }
}
