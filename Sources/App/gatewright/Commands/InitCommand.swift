import ArgumentParser
import Glibc

/// `gatewright init [DIR]`: a configuration to start from.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a small working configuration into a folder.")

    @Argument(help: "The folder; made if it is not there.")
    var dir = "."

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            for folder in [dir, dir + "/apis"] where mkdir(folder, 0o755) != 0 && errno != EEXIST {
                throw DataDirectoryFailure(errno: errno, doing: "make the folder `\(folder)`")
            }
            for file in Self.files where try FileText.read("\(dir)/\(file.name)") != nil {
                throw CommandFailure(.notEmpty, "`\(dir)/\(file.name)` is there already: nothing was written")
            }
            for (name, text) in Self.files { try FileText.write(text, to: "\(dir)/\(name)", mode: 0o644) }
            try ignoreDataDirectory()
            terminal.say(
                """
                wrote \(Self.files.map { "`\($0.name)`" }.joined(separator: ", ")) into `\(dir)`

                next:
                    git init && git add . && git commit -m "Start"     (in `\(dir)`)
                    gatewright plan \(dir)
                    gatewright serve --repo \(dir)
                """)
            return .done
        }
    }

    /// The data directory holds credentials: it must not be committed by accident.
    private func ignoreDataDirectory() throws(DataDirectoryFailure) {
        let path = dir + "/.gitignore"
        let now = try FileText.read(path) ?? ""
        guard !now.split(separator: "\n").contains(".gatewright/") else { return }
        let separator = now.isEmpty || now.hasSuffix("\n") ? "" : "\n"
        try FileText.write(now + separator + ".gatewright/\n", to: path, mode: 0o644)
    }

    private static let files: [(name: String, text: String)] = [
        (
            "gatewright.yaml",
            """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: dev }
            spec:
              manifests: [apis]
              target: { engine: {} }

            """
        ),
        (
            "apis/hello.yaml",
            """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: hello }
            spec:
              definition: { file: hello.openapi.yaml }
              endpointConfiguration: { types: [REGIONAL] }
              stages:
                test: {}

            """
        ),
        (
            "apis/hello.openapi.yaml",
            """
            openapi: 3.0.1
            info: { title: Hello, version: "1.0" }
            paths:
              /hello:
                get:
                  operationId: GetHello
                  responses:
                    "200": { description: A greeting }
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates:
                      application/json: '{"statusCode": 200}'
                    responses:
                      default:
                        statusCode: "200"
                        responseTemplates:
                          application/json: '{"message": "Hello from stage $context.stage"}'

            """
        ),
    ]
}
