import Functions
import Glibc
import Testing

/// The service's own runtime client, unchanged: `scripts/lambda-python` makes the virtual environment.
@Suite(.enabled(if: LambdaPython.interpreter != nil, "GATEWRIGHT_LAMBDA_PYTHON names no Python with awslambdaric"))
struct PythonTests {
    private func with(_ script: String, _ body: (TestStage, FunctionSpecification) async throws -> Void) async throws {
        let interpreter = try #require(LambdaPython.interpreter)
        try await TestStage.with {
            $0.runtimes["python3.11"] = .python(interpreter)
        } _: { stage in
            try await body(stage, stage.function("pets", files: ["app.py": script], runtime: "python3.11"))
        }
    }

    @Test("a handler gets event and context, and its answer is JSON")
    func answers() async throws {
        let script = """
            import os
            def handler(event, context):
                print('got', event['name'])
                return {'hello': event['name'], 'function': context.function_name, 'id': context.aws_request_id,
                        'rest': context.get_remaining_time_in_millis() > 1000, 'arn': context.invoked_function_arn,
                        'runtime': os.environ['AWS_EXECUTION_ENV']}
            """
        try await with(script) { stage, function in
            let answer = try await stage.invoke(function, #"{"name":"Rex"}"#)
            #expect(
                answer.text == #"{"hello": "Rex", "function": "pets", "id": "\#(answer.requestID)", "#
                    + #""rest": true, "arn": "\#(function.arn)", "runtime": "AWS_Lambda_python3.11"}"#)
            #expect(answer.log.contains("got Rex\n"))
            #expect(try await stage.invoke(function, #"{"name":"Max"}"#).initDuration == nil)
        }
    }

    @Test("an exception is an error with its type, message and stack, and the process goes on")
    func exception() async throws {
        let script = """
            class NoSuchPet(Exception): pass
            def handler(event, context):
                raise NoSuchPet('pet 7')
            """
        try await with(script) { stage, function in
            let answer = try await stage.invoke(function)
            #expect(answer.isError)
            #expect(answer.text.contains(#""errorMessage": "pet 7", "errorType": "NoSuchPet""#))
            #expect(answer.text.contains(#""stackTrace": ["#))
            #expect(answer.log.contains("[ERROR] NoSuchPet: pet 7"))
            #expect(try await stage.invoke(function).initDuration == nil)
        }
    }

    @Test("a module that cannot be imported is an error of the initialisation")
    func importError() async throws {
        try await with("import no_such_module") { stage, function in
            let answer = try await stage.invoke(function)
            #expect(answer.isError)
            #expect(answer.text.contains(#""errorType": "Runtime.ImportModuleError""#))
            #expect(answer.text.contains("No module named 'no_such_module'"))
        }
    }

    @Test("a handler that takes more memory than it has fails by itself")
    func memory() async throws {
        try await with("def handler(event, context): return len(bytearray(1 << 30))") { stage, function in
            let answer = try await stage.invoke(function)
            #expect(answer.text.contains(#""errorType": "MemoryError""#))
        }
    }

    @Test("a handler that ends its process is Runtime.ExitError")
    func exits() async throws {
        try await with("import os\ndef handler(event, context): os._exit(5)") { stage, function in
            let answer = try await stage.invoke(function)
            #expect(answer.text.contains("exit status 5"))
        }
    }
}

enum LambdaPython {
    static let interpreter = getenv("GATEWRIGHT_LAMBDA_PYTHON").map { String(cString: $0) }
}
