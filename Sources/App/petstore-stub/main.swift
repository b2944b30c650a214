do {
    switch try StubCommand(arguments: Array(CommandLine.arguments.dropFirst())) {
    case .help: print(StubCommand.usage)
    case .serve(let host, let port): try StubServer.run(host: host, port: port)
    }
} catch {
    StubCommand.fail(error)
}
