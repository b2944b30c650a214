/// Whether the engine runs functions, and with what.
struct FunctionSettings: Sendable, Equatable {
    var isEnabled = false
    /// Code and scratch of functions, which every user can enter; nil: ``DataDirectory/functionsPath``.
    var folder: String?
    /// Programs that run the handlers of a runtime, by the service's name of it: `python3.11`.
    var interpreters: [String: String] = [:]
}
