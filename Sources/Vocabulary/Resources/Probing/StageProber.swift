/// Asks a stage whether it serves: to its own URL and nowhere else, following no redirect, with a bounded answer.
package protocol StageProber: Sendable {
    /// One request. A cancelled task is answered at once.
    func ask(_ question: ProbeQuestion) async -> ProbeAnswer
}

/// What one stage is asked.
package struct ProbeQuestion: Sendable, Hashable {
    package var stage: Address
    /// The API's id on the target.
    package var apiID: String
    /// The id of the deployment that the stage should serve now; nil where it is not known.
    package var deploymentID: String?
    /// Nil asks only whether the stage serves its deployment.
    package var request: ProbeRule.Request?
    package var timeout: Duration

    package init(
        stage: Address, apiID: String, deploymentID: String? = nil, request: ProbeRule.Request? = nil,
        timeout: Duration
    ) {
        self.stage = stage
        self.apiID = apiID
        self.deploymentID = deploymentID
        self.request = request
        self.timeout = timeout
    }

    package var stageName: String { stage.key }
}

/// What came of one request.
package enum ProbeAnswer: Sendable, Hashable {
    /// - Parameter excerpt: The beginning of the body, for messages; printable, short.
    case answered(status: Int, excerpt: String)
    /// To a question without a request: the stage serves its deployment. One sentence.
    case serves(String)
    /// No answer, or one that shows that something else answered. One sentence, lower case, no full stop.
    case failed(String)
}
