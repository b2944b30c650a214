import Diagnostics

/// What one key has spent of one usage plan. Days are counted from 1970, in UTC.
package struct UsageLedger: Sendable, Hashable {
    package struct Day: Sendable, Hashable {
        package var day: Int
        package var used: Int
        /// Of the quota, at the end of the day; nil without a quota.
        package var remaining: Int?

        package init(day: Int, used: Int, remaining: Int?) {
            self.day = day
            self.used = used
            self.remaining = remaining
        }
    }

    /// First day of the period that ``used`` counts.
    package var periodStart: Int
    /// Requests of the period.
    package var used: Int
    /// What was granted, or taken away, for this period alone.
    package var extra: Int
    /// Days with requests, the newest last.
    package var days: [Day]

    package init(periodStart: Int = .min, used: Int = 0, extra: Int = 0, days: [Day] = []) {
        self.periodStart = periodStart
        self.used = used
        self.extra = extra
        self.days = days
    }

    /// Counts one request; false, and nothing counted, when the quota is spent.
    mutating func take(on day: Int, _ quota: APIKeyTable.Quota?) -> Bool {
        turn(to: day, quota)
        if let quota, used >= limit(quota) { return false }
        used += 1
        note(day, quota)
        days[days.count - 1].used += 1
        return true
    }

    /// From now on, and in this period only, so many requests are left.
    mutating func setRemaining(_ remaining: Int, on day: Int, _ quota: APIKeyTable.Quota) {
        turn(to: day, quota)
        extra = remaining + used - quota.limit
        note(day, quota)
    }

    /// What was used on a day, and what was left of the quota at its end.
    package func report(on day: Int, _ quota: APIKeyTable.Quota?) -> (used: Int, remaining: Int?) {
        let last = days.last { $0.day <= day }
        if let last, last.day == day { return (last.used, quota == nil ? nil : last.remaining) }
        guard let quota else { return (0, nil) }
        let start = quota.periodStart(of: day)
        // A day without requests has what the last one before it in the same period had.
        if let last, last.day >= start { return (0, last.remaining) }
        return (0, quota.limit)
    }

    private func limit(_ quota: APIKeyTable.Quota) -> Int { max(quota.limit + extra, 0) }

    private mutating func turn(to day: Int, _ quota: APIKeyTable.Quota?) {
        let start = quota?.periodStart(of: day) ?? day
        // A clock that goes back stays in the newer period.
        guard start > periodStart else { return }
        (periodStart, used, extra) = (start, 0, 0)
    }

    private mutating func note(_ day: Int, _ quota: APIKeyTable.Quota?) {
        let remaining = quota.map { max(limit($0) - used, 0) }
        if let last = days.last, last.day >= day {
            days[days.count - 1].remaining = remaining
        } else {
            days.append(Day(day: day, used: 0, remaining: remaining))
            if days.count > Limits.usageDaysMax { days.removeFirst() }
        }
    }
}

extension APIKeyTable.Quota {
    /// First day of the period that a day lies in. Weeks begin on Sunday, months on their first, each plus the offset.
    ///
    /// - Note: Source: API Gateway developer guide, "Usage plans and API keys".
    package func periodStart(of day: Int) -> Int {
        switch period {
        case .day: return day
        case .week:
            // 1970-01-01 was a Thursday.
            let weekday = ((day + 4 - offset) % 7 + 7) % 7
            return day - weekday
        case .month:
            let date = CivilDate(daysSince1970: day)
            let start = day - date.day + 1 + offset
            guard start > day else { return start }
            let before = CivilDate(daysSince1970: day - date.day)
            return day - date.day - before.day + 1 + offset
        }
    }
}
