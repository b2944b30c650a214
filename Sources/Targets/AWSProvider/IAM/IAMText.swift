import JSON
import Resources
import XML

/// What IAM's replies have in common.
enum IAMText {
    /// A policy document as it comes: escaped as RFC 3986 has it. Null for what is no JSON.
    static func document(_ text: String?) -> JSONValue? {
        guard let text else { return nil }
        do { return try JSONValue(parsing: unescaped(text)) } catch { return .string(text) }
    }

    /// Bytes with every `%XX` put in.
    static func unescaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        func digit(_ byte: UInt8?) -> UInt8? {
            byte.flatMap { Character(UnicodeScalar($0)).hexDigitValue }.map { UInt8($0) }
        }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = digit(rest.first), let low = digit(rest.dropFirst().first) {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// All tags of an element, ours among them.
    static func tags(_ element: XMLElement) -> [String: String] {
        Dictionary(
            element.members("Tags").map { ($0.text("Key") ?? "", $0.text("Value") ?? "") }, uniquingKeysWith: { $1 })
    }

    /// Those that users set, as documents have them.
    static func userTags(_ tags: [String: String]) -> JSONValue? {
        let own = tags.filter { !$0.key.hasPrefix(OwnershipMarker.tagPrefix) }.sorted { $0.key < $1.key }
        return own.isEmpty ? nil : .object(JSONObject(own.map { ($0.key, .string($0.value)) }))
    }

    static func normal(_ kind: ResourceKind, _ document: JSONObject) -> JSONValue {
        KindTable.object(kind)?.normalForm(of: .object(document)) ?? .object(document)
    }

    static func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}

extension ObjectCall {
    /// Tags of a new object, with our marks.
    var newTags: [(key: String, value: String)] {
        (after?["tags"]?.object ?? [:]).map { (key: $0.name, value: $0.value.string ?? "") }
            + OwnershipMarker(context, address).tags.map { (key: $0.0, value: $0.1) }
    }

    /// Tags that the call sets.
    var setTags: [(key: String, value: String)] {
        let old = before?["tags"]?.object ?? [:]
        return (after?["tags"]?.object ?? [:]).filter { old[$0.name] != $0.value }.map {
            (key: $0.name, value: $0.value.string ?? "")
        }
    }

    /// Names of tags that the call removes.
    var removedTags: [String] {
        let new = after?["tags"]?.object ?? [:]
        return (before?["tags"]?.object ?? [:]).names.filter { new[$0] == nil }
    }
}

extension QueryClient {
    /// A call that takes away: what is gone already is as it should be.
    func remove(_ action: String, _ parameters: QueryParameters) async throws(ProviderFailure) {
        do {
            _ = try await call(action, parameters)
        } catch let failure where failure.code == .notFound {
            // Gone already: what the call wants.
        }
    }

    /// `TagUser`, `UntagUser`, ...; empty ones are not sent.
    func tag(
        _ noun: String, _ name: (String, String), _ call: ObjectCall
    ) async throws(ProviderFailure) {
        var form: QueryParameters = [:]
        form.add(name.0, name.1)
        if call.operation.hasPrefix("Untag") {
            guard !call.removedTags.isEmpty else { return }
            form.add("TagKeys", list: call.removedTags)
            try await remove("Untag\(noun)", form)
        } else {
            guard !call.setTags.isEmpty else { return }
            form.add("Tags", tags: call.setTags)
            _ = try await self.call("Tag\(noun)", form)
        }
    }

    /// Writes marks of ours beside the tags that are there.
    func mark(
        _ noun: String, _ name: (String, String), _ tags: [(String, String)]
    ) async throws(ProviderFailure) {
        var form: QueryParameters = [:]
        form.add(name.0, name.1)
        form.add("Tags", tags: tags.map { (key: $0.0, value: $0.1) })
        _ = try await call("Tag\(noun)", form)
    }
}

extension ProviderFailure {
    static func unknownCall(_ operation: String) -> ProviderFailure {
        ProviderFailure(
            .unsupported, "the journal names the call `\(operation)`, which this version does not know", effect: .none)
    }

    static func missingReply(_ operation: String) -> ProviderFailure {
        ProviderFailure(.badReply, "the reply to `\(operation)` does not say what was made", effect: .unknown)
    }
}
