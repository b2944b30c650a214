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

    /// Never ``Action/off``: who looks reports.
    package func action(for driftClass: DriftClass) -> Action { actions[driftClass] ?? .report }
}
