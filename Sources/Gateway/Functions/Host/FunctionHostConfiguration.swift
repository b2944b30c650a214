/// What a ``FunctionHost`` is started with.
package struct FunctionHostConfiguration: Sendable {
    package var region = "us-east-1"
    /// Where every process gets a folder of its own to write to, for as long as it lives. Belongs to this host alone:
    /// what is in it at the start is removed.
    package var scratchFolder: String
    /// By the service's name of the runtime. Those that begin with `provided` need none.
    package var runtimes: [String: RuntimeCommand] = [:]
    /// Processes of all functions together.
    package var processesMax = 64
    /// What an initialisation may take beyond the function's own time limit.
    package var initLimit: Duration = .seconds(10)
    /// A process that was not called for so long is ended.
    package var idleLimit: Duration = .seconds(600)
    /// Between SIGTERM and SIGKILL.
    package var grace: Duration = .milliseconds(500)
    /// Before each further attempt with an event that nobody waits for.
    package var eventRetryDelays: [Duration] = [.seconds(60), .seconds(120)]
    /// The first of the user ids that processes get, one each while they live; used only where this process is root's.
    package var firstUser: UInt32 = 61_184
    /// Milliseconds since 1970.
    package var clock: @Sendable () -> Int64

    package init(scratchFolder: String, clock: @escaping @Sendable () -> Int64) {
        self.scratchFolder = scratchFolder
        self.clock = clock
    }

    func command(_ runtime: String) -> RuntimeCommand? {
        runtimes[runtime] ?? (runtime.hasPrefix("provided") ? .bootstrap : nil)
    }
}
