package import Resources

/// `spec.drift` of an Environment.
package struct DriftSettings: Sendable, Hashable {
    package enum Action: String, Sendable, CaseIterable { case report, correct, off }

    package var schedule = CronSchedule.everyQuarterHour
    /// By class; a class that is not there is reported.
    package var actions: [DriftClass: Action] = [:]
    /// Nobody looks by schedule.
    package var isOff = false
    /// In the order of the file.
    package var ignore: [DriftRule] = []

    package init() {}

    /// What a commit cannot take away on its own.
    package var asGuard: DriftGuard {
        DriftGuard(
            isOn: !isOff, corrected: Set(DriftClass.allCases.filter { action(for: $0) == .correct }), ignored: ignore)
    }

    /// Never ``Action/off``: who looks reports.
    package func action(for driftClass: DriftClass) -> Action { actions[driftClass] ?? .report }
}
