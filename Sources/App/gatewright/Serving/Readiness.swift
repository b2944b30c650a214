import JSON
import Reconciling

/// `/readyz`: ready once every environment was attempted, or serves what an earlier process applied, and one serves.
struct Readiness {
    let isReady: Bool
    let document: JSONValue

    init(_ statuses: [EnvironmentStatus]) {
        let present = statuses.filter { $0.state != .vanished }
        let isServing = present.contains(where: \.serves)
        isReady = isServing && present.allSatisfy { $0.serves || $0.state != .reconciling }
        var states: JSONObject = [:]
        for state in EnvironmentStatus.State.allCases {
            let count = statuses.count { $0.state == state }
            if count > 0 { states[state.rawValue] = .number(JSONNumber(count)) }
        }
        document = ["ready": .bool(isReady), "environments": .object(states)]
    }
}

extension EnvironmentStatus {
    fileprivate var serves: Bool { appliedCommit != nil || state == .ready }
}
