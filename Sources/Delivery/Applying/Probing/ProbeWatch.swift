import Resources

/// The probes of one apply: which are asked now, and when all have passed. Pure.
struct ProbeWatch: Sendable {
    private struct Course: Sendable {
        let probe: Probe
        /// Nil while it is being asked, and once it has passed.
        var due: Duration?
        /// Of the first good answer after the last bad one.
        var goodSince: Duration?
        var badInARow = 0
        var requestsCount = 0
        var isPassed = false
        var last = "not asked"
    }

    private var courses: [Course]
    /// The first probe that failed for good, with what is wrong.
    private(set) var failure: (probe: Probe, text: String)?

    init(_ probes: [Probe], at now: Duration) {
        courses = probes.map { Course(probe: $0, due: now) }
    }

    var isPassed: Bool { courses.allSatisfy(\.isPassed) }
    var nextDue: Duration? { courses.compactMap(\.due).min() }

    /// Which probes are asked now, by number, no more than `limit` at once.
    mutating func begin(at now: Duration, limit: Int) -> [Int] {
        var room = limit - courses.count { $0.due == nil && !$0.isPassed }
        var begun: [Int] = []
        for number in courses.indices where room > 0 {
            guard let due = courses[number].due, due <= now else { continue }
            courses[number].due = nil
            courses[number].requestsCount += 1
            begun.append(number)
            room -= 1
        }
        return begun
    }

    /// Takes in an answer.
    mutating func take(_ number: Int, _ answer: ProbeAnswer, at now: Duration) {
        let rule = courses[number].probe.rule
        courses[number].last = answer.text
        if let objection = rule.objection(to: answer) {
            courses[number].last = objection
            courses[number].goodSince = nil
            courses[number].badInARow += 1
            if courses[number].badInARow >= rule.attempts {
                if failure == nil { failure = (courses[number].probe, objection) }
            } else {
                courses[number].due = now + rule.interval
            }
            return
        }
        courses[number].badInARow = 0
        let since = courses[number].goodSince ?? now
        courses[number].goodSince = since
        if now - since >= rule.bake {
            courses[number].isPassed = true
        } else {
            courses[number].due = min(now + rule.interval, since + rule.bake)
        }
    }

    var reports: [ProbeReport] {
        courses.map { course in
            ProbeReport(
                stage: course.probe.stage, question: course.probe.question, answer: course.last,
                requestsCount: course.requestsCount, isPassed: course.isPassed)
        }
    }
}

extension Probe {
    /// `GET /pets`.
    var question: String { rule.request.map { "\($0.method) \($0.path)" } ?? "whether it serves its deployment" }
}
