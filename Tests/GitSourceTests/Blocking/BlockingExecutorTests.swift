import Blocking
import Foundation
import Testing

/// Shows on which thread it runs.
private actor Worker {
    private let blocking: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { blocking.asUnownedSerialExecutor() }
    private var sum = 0

    init(label: String) { blocking = BlockingExecutor(label: label) }

    func thread() -> String {
        let name = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        return name?.trimmingCharacters(in: .newlines) ?? ""
    }

    func add(_ number: Int) { sum += number }
    func total() -> Int { sum }
    func threadNumber() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")) ?? ""
    }
    func releaseLast(_ next: consuming Worker?) {}
}

@Suite("The blocking executor")
struct BlockingExecutorTests {
    private func threads(named label: String) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.count { task in
            let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
            return name == label + "\n"
        }
    }

    @Test("all jobs run on the one thread that has the label")
    func oneThread() async {
        let worker = Worker(label: "gw.test.one-thread-long")
        #expect(await worker.thread() == "gw.test.one-thr")
        let first = await worker.threadNumber()
        for _ in 0..<50 { #expect(await worker.threadNumber() == first) }
    }

    @Test("jobs from many tasks run one at a time and all")
    func serial() async {
        let worker = Worker(label: "gw.test.serial")
        await withTaskGroup { group in
            for number in 1...1_000 { group.addTask { await worker.add(number) } }
        }
        #expect(await worker.total() == 500_500)
    }

    @Test("the thread ends once nobody holds the executor", .timeLimit(.minutes(1)))
    func end() async {
        let label = "gw.test.end"
        var workers = (0..<8).map { _ in Worker(label: label) }
        for worker in workers { await worker.add(1) }
        #expect(threads(named: label) == 8)
        workers = []
        while threads(named: label) > 0 { await Task.yield() }
    }

    @Test("two executors do not wait for each other", .timeLimit(.minutes(1)))
    func independent() async {
        let (one, other) = (Worker(label: "gw.test.a"), Worker(label: "gw.test.b"))
        #expect(await one.threadNumber() != other.threadNumber())
    }
}
