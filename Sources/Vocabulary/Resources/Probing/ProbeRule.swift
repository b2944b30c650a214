/// What a stage is asked after it was flipped, and what counts as a good answer: one element of `spec.apply.probes`.
package struct ProbeRule: Sendable, Hashable {
    /// One field of the request.
    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The request: always to the stage's own URL.
    package struct Request: Sendable, Hashable {
        package var method: String
        /// Below the stage: starts with `/`, and is checked to lead nowhere else.
        package var path: String
        package var headers: [Header]
        /// Statuses that are good, each from 100 to 599; not empty.
        package var expect: [ClosedRange<Int>]

        package init(
            method: String = "GET", path: String, headers: [Header] = [], expect: [ClosedRange<Int>] = [200...299]
        ) {
            self.method = method
            self.path = path
            self.headers = headers
            self.expect = expect
        }
    }

    /// Stages that the rule is for, as `API STAGE` with `*` for any text.
    package var stage: String
    /// Nil asks only whether the stage serves its deployment, in the way that the target has for it.
    package var request: Request?
    /// For one answer, to its last byte.
    package var timeout: Duration
    /// Answers in a row that may be bad before the probe has failed, that one included.
    package var attempts: Int
    /// Between two requests.
    package var interval: Duration
    /// How long the stage goes on being asked after its first good answer.
    package var bake: Duration

    package init(
        stage: String = "*", request: Request? = nil, timeout: Duration = .seconds(5), attempts: Int = 5,
        interval: Duration = .seconds(2), bake: Duration = .zero
    ) {
        self.stage = stage
        self.request = request
        self.timeout = timeout
        self.attempts = attempts
        self.interval = interval
        self.bake = bake
    }
}
