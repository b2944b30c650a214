import Foundation
import Functions
import JSON
import Logging

/// Invocations through ``FunctionHost``: from the event to the answer of a function that gives its event back.
///
/// Workload: one process, an event of a hundred bytes; unit: milliseconds of the first invocation, the process's start
/// included, and microseconds of those that find a process waiting; MiB of memory of that process.
enum FunctionBenchmark {
    private static let coldStarts = 10
    private static let warmCalls = 3_000

    /// - Parameter arguments: A folder for scratch, the name to report, the runtime, the handler, the function's folder,
    ///   and for `python3` an interpreter that has the service's runtime client.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 5 else { preconditionFailure("scratch, name, runtime, handler, folder") }
        var configuration = FunctionHostConfiguration(
            scratchFolder: arguments[0], clock: { Int64(Date().timeIntervalSince1970 * 1_000) })
        if arguments.count > 5 { configuration.runtimes[arguments[2]] = .python(arguments[5]) }
        let host = try await FunctionHost(
            configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        var cold: [Double] = []
        for number in 0..<coldStarts {
            let function = function(arguments, number)
            cold.append(try await microseconds(host, function) / 1_000)
            if number < coldStarts - 1 { host.retire(function.arn) }
        }
        let last = function(arguments, coldStarts - 1)
        for _ in 0..<200 { _ = try await microseconds(host, last) }
        let (start, cpu) = (ContinuousClock.now, Bench.cpuSeconds)
        var warm: [Double] = []
        for _ in 0..<warmCalls { warm.append(try await microseconds(host, last)) }
        let seconds = (ContinuousClock.now - start).seconds
        let cpuEach = (Bench.cpuSeconds - cpu) * 1_000_000 / Double(warmCalls)
        let name = arguments[1]
        Bench.report("\(name), cold, best of \(coldStarts)", cold.min() ?? 0, "ms")
        Bench.report("\(name), cold, median", percentile(cold, 50), "ms")
        Bench.report("\(name), warm, p50", percentile(warm, 50), "µs")
        Bench.report("\(name), warm, p99", percentile(warm, 99), "µs")
        Bench.report("\(name), warm, one after the other", Double(warmCalls) / seconds, "calls/s")
        Bench.report("\(name), CPU of the host a call", cpuEach, "µs")
        for process in FunctionProcess.all {
            print(
                "\(name), memory of its process: \(process.residentMebibytes) MiB resident, "
                    + "\(process.privateMebibytes) MiB its own")
        }
        await host.stop()
    }

    private static func function(_ arguments: [String], _ number: Int) -> FunctionSpecification {
        var function = FunctionSpecification(
            arn: "arn:aws:lambda:us-east-1:123456789012:function:bench\(number):$LATEST", name: "bench\(number)",
            runtime: arguments[2], handler: arguments[3], codeFolder: arguments[4])
        function.timeout = .seconds(30)
        function.memoryMegabytes = 512
        return function
    }

    private static let event = Array(
        #"{"city": "Seattle", "time": "evening", "day": "Thursday", "name": "John", "more": "of a hundred bytes"}"#.utf8
    )

    private static func microseconds(_ host: FunctionHost, _ function: FunctionSpecification) async throws -> Double {
        let start = ContinuousClock.now
        let answer = try await host.invoke(function, Invocation(event: event, invokedARN: function.arn))
        precondition(!answer.isError, String(decoding: answer.payload, as: UTF8.self))
        return (ContinuousClock.now - start).seconds * 1_000_000
    }

    private static func percentile(_ figures: [Double], _ percent: Int) -> Double {
        let sorted = figures.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count * percent / 100, sorted.count - 1)]
    }
}

/// A process that this one has started, keepers among them, by what the kernel says of it.
struct FunctionProcess {
    var residentMebibytes: Double
    /// What no other process shares.
    var privateMebibytes: Double

    /// Those below this process that run a function: the variable of the Runtime API tells them.
    static var all: [FunctionProcess] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return folders.compactMap { Int($0) }.filter { $0 != Int(getpid()) }.compactMap { pid -> FunctionProcess? in
            guard isBelow(pid), let variables = read("/proc/\(pid)/environ"),
                variables.contains("AWS_LAMBDA_RUNTIME_API="), let rollup = read("/proc/\(pid)/smaps_rollup")
            else { return nil }
            let own = kibibytes("Private_Clean", rollup) + kibibytes("Private_Dirty", rollup)
            return FunctionProcess(residentMebibytes: mebi(kibibytes("Rss", rollup)), privateMebibytes: mebi(own))
        }
    }

    private static func isBelow(_ pid: Int) -> Bool {
        var pid = pid
        for _ in 0..<8 where pid > 1 {
            if pid == Int(getpid()) { return true }
            let status = read("/proc/\(pid)/status") ?? ""
            pid =
                status.split(separator: "\n").first { $0.hasPrefix("PPid:") }
                .flatMap { Int($0.dropFirst(5).drop(while: \.isWhitespace)) } ?? 0
        }
        return false
    }

    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func kibibytes(_ name: String, _ text: String) -> Double {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Double($0) } ?? 0
    }

    private static func mebi(_ kibibytes: Double) -> Double { (kibibytes / 1024 * 100).rounded() / 100 }
}
