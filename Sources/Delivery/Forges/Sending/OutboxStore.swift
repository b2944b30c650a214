package import JSON

/// Keeps letters until they were sent, so that a restart sends what was not.
package protocol OutboxStore: Sendable {
    /// Keeps a letter in place of the one with the same key.
    func keep(_ document: JSONValue, key: String, channel: String) async throws(ForgeFailure)

    func forget(key: String, channel: String) async throws(ForgeFailure)

    /// Oldest first.
    func kept(channel: String) async throws(ForgeFailure) -> [JSONValue]
}
