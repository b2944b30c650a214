import Applying
import Glibc
import JSON
import Planning
import Reconciling
import Resources
import Synchronization

@testable import Persistence

/// A folder of its own, removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/gatewright-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Refused() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }

    struct Refused: Error {}
}

/// A wall clock that stands still until it is moved.
final class StoppedClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_000_000)
    func advance(_ duration: Duration) { milliseconds.withLock { $0 += duration.components.seconds * 1000 } }
    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
}

/// Where the one suite runs.
enum Place: String, CaseIterable, Sendable {
    case memory, disk
}

/// A state database with what it stands on.
struct Fixture: Sendable {
    let folder: TemporaryFolder
    let place: Place
    let clock = StoppedClock()
    let state: StateDatabase

    init(_ place: Place) async throws {
        self.place = place
        folder = try TemporaryFolder()
        let clock = clock
        state = try await StateDatabase.open(directory: place == .disk ? folder.path : nil, now: { clock.now })
    }

    func lease(_ environment: String = "dev") async throws -> LeaseGrant {
        try await state.acquire(environment: environment, holder: "test", ttl: .seconds(60))
    }
}

let api = Address(.restAPI, "petstore")
let stage = Address(.stage, in: "petstore", "test")

func object(_ address: Address, _ document: JSONValue) -> RecordedObject {
    RecordedObject(
        address: address, identity: Identity(physicalID: "id-\(address.name)", attributes: ["arn": "arn:x"]),
        document: document, dependencies: address == api ? [] : [api])
}

func header(_ id: Int = 1, environment: String = "dev") -> ApplyHeader {
    let effects = [Step.Effect(stage, before: .null, after: ["deployment": "${Deployment/petstore.id}", "n": 1])]
    return ApplyHeader(
        id: ApplyID(rawValue: String(repeating: "\(id % 10)", count: 28) + String(1000 + id)), environment: environment,
        commit: String(repeating: "c", count: 40), planDigest: "sha256:x", target: ["engine": [:]], parallelism: 8,
        onFailure: .hold,
        steps: [
            Step(
                number: 0, operation: "PutRestApi", effects: [Step.Effect(api, before: nil, after: ["name": "a\nb ü"])],
                dependencies: [], isReversible: true),
            Step(number: 1, operation: "UpdateStage", effects: effects, dependencies: [0], isReversible: false),
        ], stages: [0, 1], identities: [stage: Identity(physicalID: "test")],
        recorded: [stage: object(stage, ["deployment": "x"])], dependencies: [stage: [api]],
        recordings: [.remove(api), .record(object(api, [:])), .doubt(stage, reason: "why")], roots: ["petstore"],
        observed: TargetHash([stage: "abc"]))
}

/// Runs `body`; what it threw.
func failure<Value>(_ body: () async throws -> Value) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
