import JSON

extension FunctionReply {
    /// What a Lambda-compatible endpoint answered to Invoke.
    init(invocation answer: EndpointAnswer) {
        switch answer.status {
        case 202: self = .accepted
        case 200..<300:
            self = .answered(payload: answer.body, functionError: answer.headers.first("X-Amz-Function-Error"))
        default:
            let (type, message) = Self.error(answer)
            self = .refused(status: answer.status, type: type, message: message)
        }
    }

    /// What came of a call of it.
    init(of outcome: TestRun.Outcome) {
        switch outcome {
        case .answered(let answer): self.init(invocation: answer)
        case .failed(let error): self = .unavailable(error.detail ?? error.message)
        }
    }

    private static func error(_ answer: EndpointAnswer) -> (type: String, message: String) {
        let type = answer.headers.first("x-amzn-ErrorType").flatMap { $0.split(separator: ":").first.map(String.init) }
        do {
            let document = try JSONValue(parsing: answer.body)
            let message = document["Message"]?.string ?? document["message"]?.string
            return (type ?? document["Type"]?.string ?? "ServiceException", message ?? "")
        } catch {
            return (type ?? "ServiceException", "the endpoint's answer is no JSON")
        }
    }
}
