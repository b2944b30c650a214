import Functions
import Glibc

/// Hosts one function until it is killed: what the tests of an engine's sudden end need. Its arguments are the folder of
/// the code and one for scratch; it prints a line once the function has answered.
@main
struct FunctionHostCommand {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let host = try await FunctionHost(
            FunctionHostConfiguration(scratchFolder: arguments[2], clock: { 1_700_000_000_000 }))
        var function = FunctionSpecification(
            arn: "arn:aws:lambda:us-east-1:123456789012:function:held", name: "held", runtime: "provided.al2023",
            handler: "none", codeFolder: arguments[1])
        function.timeout = .seconds(60)
        let answer = try await host.invoke(function, Invocation(event: Array("{}".utf8), invokedARN: function.arn))
        print(String(decoding: answer.payload, as: UTF8.self))
        fflush(nil)
        // A second one, which is still running when the end comes.
        _ = try await host.invoke(function, Invocation(event: Array("{}".utf8), invokedARN: function.arn))
    }
}
