import Glibc
import Testing

@testable import ControlPlane

@Suite struct OperationTableTests {
    /// What the service's public model says of one operation.
    private struct Listed: Hashable, CustomStringConvertible {
        var name: String
        var method: String
        /// Parameters as `{}`.
        var path: String
        var status: Int
        var description: String { "\(name) \(method) \(path) \(status)" }
    }

    private static func listed() throws -> Set<Listed> {
        let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let file = try #require(fopen(folder + "/Fixtures/operations/apigateway.txt", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        return Set(
            lines.compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 4, let status = Int(words[3]) else { return nil }
                let path = String(words[2].prefix { $0 != "?" })
                return Listed(name: words[0], method: words[1], path: path, status: status)
            })
    }

    private static func listed(_ operation: Operation) -> Listed {
        let parts = operation.parts.map { part in
            switch part {
            case .literal(let text): text
            case .parameter, .rest: "{}"
            }
        }
        return Listed(
            name: operation.name, method: operation.method, path: "/" + parts.joined(separator: "/"),
            status: operation.status)
    }

    @Test("every operation of the service is there once, under its name, method, path and status, and no other")
    func whole() throws {
        let missing = Set(NotOffered.operations.map(\.name))
        let wanted = try Self.listed()
        #expect(wanted.count == 124)
        let offered = OperationTable.all.filter { !missing.contains($0.name) }.map(Self.listed)
        #expect(Set(offered).count == offered.count)
        #expect(Set(offered).subtracting(wanted).isEmpty)
        #expect(Set(wanted.subtracting(offered).map(\.name)) == missing)
        let places = Set(OperationTable.all.map { "\($0.method) \(Self.listed($0).path) \($0.isImport)" })
        #expect(places.count == OperationTable.all.count)
    }

    @Test("what is not offered is SDKs and access associations of domain names alone, at their places")
    func notOffered() throws {
        let wanted = Set(try Self.listed().map { "\($0.name) \($0.method) \($0.path)" })
        for operation in NotOffered.operations {
            let listed = Self.listed(operation)
            #expect(wanted.contains("\(listed.name) \(listed.method) \(listed.path)"))
            #expect(operation.name.contains("Sdk") || operation.name.contains("DomainNameAccessAssociation"))
        }
        #expect(NotOffered.operations.count == 7)
    }
}
