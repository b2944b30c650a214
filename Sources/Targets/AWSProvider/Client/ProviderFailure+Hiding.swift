import Resources

extension ProviderFailure {
    /// The same failure, the texts taken out of what the target said.
    func hiding(_ secrets: [String]) -> ProviderFailure {
        let hidden = secrets.reduce(message) { text, secret in
            text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "•••")
        }
        guard hidden != message else { return self }
        return ProviderFailure(code, hidden, effect: effect, targetCode: targetCode)
    }
}
