import Diagnostics
import Resources
import Synchronization

/// Secrets by their place, which a test may change.
final class FakeSecrets: SecretSource {
    private let texts: Mutex<[SecretPlace: String]>

    init(_ texts: [SecretPlace: String]) { self.texts = Mutex(texts) }

    func set(_ place: SecretPlace, _ text: String?) { texts.withLock { $0[place] = text } }

    func read(_ place: SecretPlace) throws(ProviderFailure) -> Secret<String> {
        guard let text = texts.withLock({ $0[place] }) else {
            throw ProviderFailure(.secretMissing, "there is no `\(place)`", effect: .none)
        }
        return Secret(text)
    }

    func fingerprint(of text: String) throws(ProviderFailure) -> String { String(text.reversed()) }
}
