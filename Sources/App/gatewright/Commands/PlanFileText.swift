import JSON
import Planning

/// A plan file as it lies on the disk.
enum PlanFileText {
    /// LIMIT: bytes of a plan file; a larger one is refused by what reads it.
    private static let bytesMax = (256 << 20) + 1

    /// - Throws: `command.bad-plan-file`, and what is wrong with the plan in it.
    static func read(_ path: String) throws -> Plan {
        let text: String?
        do {
            text = try FileText.read(path, bytesMax: bytesMax)
        } catch {
            throw CommandFailure(.badPlanFile, error.message)
        }
        guard let text else { throw CommandFailure(.badPlanFile, "there is no plan file `\(path)`") }
        return try Plan.read(Array(text.utf8))
    }

    /// - Throws: `command.plan-file-unwritable`.
    static func write(_ plan: Plan, to path: String) throws(CommandFailure) {
        do {
            try FileText.write(plan.json.text(.canonical) + "\n", to: path, mode: 0o644)
        } catch {
            throw CommandFailure(.planFileUnwritable, error.message)
        }
    }
}
