/// Every API key of the account and what the usage plans let it do.
package struct APIKeyTable: Sendable, Hashable {
    package struct Key: Sendable, Hashable {
        package var id: String
        package var value: String
        package var isEnabled: Bool

        package init(id: String, value: String, isEnabled: Bool) {
            self.id = id
            self.value = value
            self.isEnabled = isEnabled
        }
    }

    package struct Plan: Sendable, Hashable {
        package var id: String
        package var stages: [Stage]
        package var throttle: Throttle?
        package var quota: Quota?
        /// Ids.
        package var keys: [String]

        package init(id: String, stages: [Stage], throttle: Throttle?, quota: Quota?, keys: [String]) {
            self.id = id
            self.stages = stages
            self.throttle = throttle
            self.quota = quota
            self.keys = keys
        }
    }

    package struct Stage: Sendable, Hashable {
        package var apiID: String
        package var stageName: String
        /// ``route(path:httpMethod:)`` to limits that hold in place of the plan's own.
        package var methods: [String: Throttle]

        package init(apiID: String, stageName: String, methods: [String: Throttle] = [:]) {
            self.apiID = apiID
            self.stageName = stageName
            self.methods = methods
        }
    }

    /// Requests a second, and at once; nil does not limit.
    package struct Throttle: Sendable, Hashable {
        package var rate: Double?
        package var burst: Double?

        package init(rate: Double?, burst: Double?) {
            self.rate = rate
            self.burst = burst
        }
    }

    package struct Quota: Sendable, Hashable {
        package enum Period: String, Sendable, CaseIterable { case day = "DAY", week = "WEEK", month = "MONTH" }

        /// Requests of one period.
        package var limit: Int
        package var period: Period
        /// The day of the week or month, from 0, on which a period begins.
        package var offset: Int

        package init(limit: Int, period: Period, offset: Int) {
            self.limit = limit
            self.period = period
            self.offset = offset
        }
    }

    package var keys: [Key]
    package var plans: [Plan]

    package init(keys: [Key] = [], plans: [Plan] = []) {
        self.keys = keys
        self.plans = plans
    }

    /// One spelling for a method of an API: `pets/{petId}/GET`; the root's is `GET`.
    package static func route(path: String, httpMethod: String) -> String {
        (path.split(separator: "/").map(String.init) + [httpMethod]).joined(separator: "/")
    }
}
