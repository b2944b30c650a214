/// The lines of a test of an authorizer.
extension TestLog {
    mutating func logAuthorizer(_ id: String) { line("Starting authorizer: \(id) for request: \(requestID)") }

    mutating func logAuthorizerAnswer(_ payload: [UInt8]) {
        line("Authorizer result body before parsing: \(String(decoding: payload, as: UTF8.self))")
    }

    mutating func logGrant(_ principal: String) {
        line("Using valid authorizer policy for principal: \(principal)")
        line("Successfully completed authorizer execution")
    }

    mutating func logToken() { line("Successfully completed authorizer execution") }

    mutating func logRefusal(_ refusal: TokenRefusal) {
        let error = refusal.error
        if error.status == 401 {
            line("Unauthorized request: \(requestID)")
            line("\(error.message)\(error.detail.map { ": \($0)" } ?? "")")
        } else {
            line("Execution failed due to configuration error: \(error.detail ?? "")")
        }
    }

    mutating func logRefusal(_ refusal: AuthorizerRefusal) {
        switch refusal {
        case .unauthorized: line("Unauthorized request: \(requestID)")
        case .malformed, .late:
            line("Execution failed due to configuration error: \(refusal.error.detail ?? "")")
        }
    }
}
