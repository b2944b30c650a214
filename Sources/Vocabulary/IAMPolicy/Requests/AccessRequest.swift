/// One question: may this caller do this to this resource, in this context.
package struct AccessRequest: Sendable {
    package let caller: Caller
    /// `service:Name`
    package let action: String
    /// An ARN, or `*` for an action that has no resource.
    package let resource: String
    /// Whose the resource is; nil if its ARN does not say, which counts as the caller's own.
    package let resourceAccount: String?
    package let context: RequestContext

    /// `action` in lower case, and what of it stands before the colon.
    let actionKey: String
    let service: String
    let actionBytes: [UInt8]
    let resourceParts: ARNText

    /// - Parameter resourceAccount: Where the ARN does not name the account that owns the resource.
    package init(
        caller: Caller, action: String, resource: String, resourceAccount: String? = nil,
        context: RequestContext = RequestContext()
    ) {
        self.caller = caller
        self.action = action
        self.resource = resource
        self.context = context
        actionBytes = action.utf8.map(Self.lowercased)
        actionKey = String(decoding: actionBytes, as: UTF8.self)
        let colon = actionBytes.firstIndex(of: UInt8(ascii: ":")) ?? actionBytes.count
        service = String(decoding: actionBytes[..<colon], as: UTF8.self)
        resourceParts = ARNText(Array(resource.utf8))
        self.resourceAccount = resourceAccount ?? resourceParts.account
    }

    /// All values of a key in lower case: what the context says, else what follows from the caller.
    func values(_ key: String) -> [String]? {
        context.values[key] ?? caller.value(of: key).map { [$0] }
    }

    /// The one value that a variable stands for; nil for a key with none, or with several.
    func variable(_ key: String) -> String? {
        guard let values = context.values[key] else { return caller.value(of: key) }
        return values.count == 1 ? values[0] : nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
