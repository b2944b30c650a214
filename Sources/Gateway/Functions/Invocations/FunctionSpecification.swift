/// What a function's processes are started with. Processes serve equal specifications only: any change ends them.
package struct FunctionSpecification: Sendable, Hashable {
    /// With the version: functions are told apart by it.
    package var arn: String
    package var name: String
    /// `$LATEST`, or a number.
    package var version: String
    /// The service's name of it: `python3.11`, `provided.al2023`.
    package var runtime: String
    package var handler: String
    /// A folder of ``CodeStore``.
    package var codeFolder: String
    /// The function's own variables; those of the runtime go before them.
    package var environment: [String: String] = [:]
    package var memoryMegabytes = 128
    package var timeout: Duration = .seconds(3)
    /// The most invocations at once, of all versions together; nil has the host's limit alone. Zero runs none.
    package var reservedConcurrency: Int?

    package init(
        arn: String, name: String, version: String = "$LATEST", runtime: String, handler: String, codeFolder: String
    ) {
        self.arn = arn
        self.name = name
        self.version = version
        self.runtime = runtime
        self.handler = handler
        self.codeFolder = codeFolder
    }

    /// The ARN without the version.
    var functionARN: Substring {
        let qualifier = ":" + version
        return arn.hasSuffix(qualifier) ? arn.dropLast(qualifier.count) : arn[...]
    }

    /// The same but for what may change without a new process.
    var ofProcess: Self {
        var copy = self
        copy.reservedConcurrency = nil
        return copy
    }
}
