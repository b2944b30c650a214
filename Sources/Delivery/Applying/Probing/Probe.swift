package import Resources

/// One stage and how it is asked, between the flips and what cannot be seen any more afterwards.
package struct Probe: Sendable, Hashable {
    package var stage: Address
    package var rule: ProbeRule

    package init(_ stage: Address, _ rule: ProbeRule = ProbeRule()) {
        self.stage = stage
        self.rule = rule
    }
}

/// What a probe came to.
package struct ProbeReport: Sendable, Hashable {
    package var stage: Address
    /// `GET /pets`.
    package var question: String
    /// The last answer, in one sentence.
    package var answer: String
    package var requestsCount: Int
    package var isPassed: Bool
}

extension ProbeRule {
    /// Why an answer is not good; nil for a good one.
    func objection(to answer: ProbeAnswer) -> String? {
        switch answer {
        case .serves: return nil
        case .failed(let message): return message
        case .answered(let status, let excerpt):
            guard let request, !request.expect.contains(where: { $0.contains(status) }) else { return nil }
            let expected = request.expect.map { range in
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            }
            let body = excerpt.isEmpty ? "" : ": \(excerpt)"
            return "the answer was \(status), expected \(expected.joined(separator: " or "))\(body)"
        }
    }
}

extension ProbeAnswer {
    /// In one sentence.
    var text: String {
        switch self {
        case .answered(let status, _): "answered \(status)"
        case .serves(let text), .failed(let text): text
        }
    }
}
