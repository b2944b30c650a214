/// The variables that a function's process sees: those that AWS sets, and its own. Nothing of the engine's is in them.
struct ProcessEnvironment {
    let variables: [String: String]

    /// - Parameter runtimeAPI: Host and port.
    init(
        _ specification: FunctionSpecification, _ configuration: FunctionHostConfiguration, runtime: RuntimeCommand,
        runtimeAPI: String, scratchFolder: String, logStream: String
    ) {
        var variables = runtime.environment
        variables.merge(specification.environment) { $1 }
        let lambda = [
            "_HANDLER": specification.handler,
            "AWS_DEFAULT_REGION": configuration.region,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": String(specification.memoryMegabytes),
            "AWS_LAMBDA_FUNCTION_NAME": specification.name,
            "AWS_LAMBDA_FUNCTION_VERSION": specification.version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/" + specification.name,
            "AWS_LAMBDA_LOG_STREAM_NAME": logStream,
            "AWS_LAMBDA_RUNTIME_API": runtimeAPI,
            "AWS_REGION": configuration.region,
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": specification.codeFolder,
            "TMPDIR": scratchFolder,
        ]
        variables.merge(lambda) { $1 }
        // These are the function's to change.
        let defaults = ["LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin", "TZ": ":UTC"]
        variables.merge(defaults) { own, _ in own }
        if !specification.runtime.hasPrefix("provided") {
            variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + specification.runtime
        }
        // What cannot be a variable would end the list, or mean another one.
        self.variables = variables.filter { name, value in
            !name.isEmpty && !name.contains("=") && !name.contains("\0") && !value.contains("\0")
        }
    }
}
