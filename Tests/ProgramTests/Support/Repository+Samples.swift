import Foundation
import JSON
import Testing

extension Repository {
    /// The smallest configuration, as `init` writes it, with no backend: committed.
    static func hello() async throws -> Repository {
        let repository = try Repository(files: [:])
        let made = try await repository.gatewright("init")
        try #require(made.status == 0, "\(made)")
        try await repository.start()
        return repository
    }

    /// The API `hello` greets with this word from now on; not committed.
    func greet(_ word: String) throws {
        let path = "apis/hello.openapi.yaml"
        let text = try read(path)
        try write(path, text.replacing(/"message": "\w+/, with: "\"message\": \"\(word)"))
    }

    /// Adds a stage to the API `hello`; not committed.
    func addStage(_ name: String) throws {
        try replace("apis/hello.yaml", "    test: {}\n", by: "    test: {}\n    \(name): {}\n")
    }

    /// Adds copies of the API `hello`, so that an apply takes a while; not committed.
    func addAPIs(_ count: Int) throws {
        for number in 1...count {
            let text = try read("apis/hello.yaml").replacing("name: hello", with: "name: hello\(number)")
            try write("apis/hello\(number).yaml", text)
        }
    }

    /// A mistake in the definition of `hello`; not committed.
    ///
    /// - Returns: `file:line:column` of the mistake.
    func breakDefinition() throws -> String {
        let path = "apis/hello.openapi.yaml"
        try replace(path, "type: mock", by: "type: mook")
        let lines = try read(path).split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("mook") })
        let column = try #require(lines[line].firstRange(of: "mook"))
        return "\(path):\(line + 1):\(lines[line].distance(from: lines[line].startIndex, to: column.lowerBound) + 1)"
    }

    /// What the engine has, asked with the credentials of the data directory.
    ///
    /// - Returns: The names of its REST APIs, sorted; one that is there twice is named twice.
    func namesOfAPIs(on server: Server) async throws -> [String] {
        let credentials = try read(".gatewright/credentials")
        func value(_ name: String) throws -> String {
            let line = try #require(credentials.split(separator: "\n").first { $0.hasPrefix(name) })
            return line.split(separator: "=", maxSplits: 1)[1].trimmingCharacters(in: .whitespaces)
        }
        let site = Site(url: "http://\(try server.address("management"))", workspace: workspace)
        let answer = try await site.get(
            "/restapis?limit=500", "--aws-sigv4", "aws:amz:us-east-1:apigateway", "--user",
            "\(try value("aws_access_key_id")):\(try value("aws_secret_access_key"))")
        try #require(answer.status == 200, "\(answer.text)")
        let document = try JSONValue(parsing: Array(answer.body.utf8))
        let items = (document["item"] ?? document["items"])?.array ?? []
        return items.compactMap { $0["name"]?.string }.sorted()
    }
}
