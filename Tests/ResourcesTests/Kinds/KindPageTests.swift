import Foundation
import JSON
import Resources
import Testing

@Suite("Pages of kinds")
struct KindPageTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/kinds")
    private static let isWriting = ProcessInfo.processInfo.environment["GATEWRIGHT_WRITE_PAGES"] == "1"

    private func compare(_ name: String, _ text: String) throws {
        let file = Self.folder.appending(path: name)
        if Self.isWriting {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let committed = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(committed == text, "docs/kinds/\(name) is old: `make docs` writes it again")
    }

    @Test("the page of a kind is what its table says", arguments: KindTable.manifests)
    func page(_ schema: KindSchema) throws { try compare("\(schema.kind).md", schema.markdown) }

    @Test("the JSON Schema of a kind is what its table says", arguments: KindTable.manifests)
    func jsonSchema(_ schema: KindSchema) throws {
        try compare("\(schema.kind).schema.json", schema.jsonSchema.text(.pretty) + "\n")
    }

    @Test(
        "pages name every field, every attribute and what is not there yet",
        arguments: KindTable.manifests + KindTable.objects)
    func complete(_ schema: KindSchema) {
        for field in schema.fields { #expect(schema.markdown.contains("| `\(field.name)` |")) }
        for attribute in schema.attributes {
            #expect(schema.markdown.contains("| `\(attribute.name)` | \(attribute.meaning) |"))
        }
        for name in schema.notSupportedYet { #expect(schema.markdown.contains("`\(name)`")) }
    }

    @Test("no row of a table has a bar too many", arguments: KindTable.manifests + KindTable.objects)
    func rows(_ schema: KindSchema) {
        for line in schema.markdown.split(separator: "\n") where line.hasPrefix("| `") {
            #expect([2, 4].contains(line.replacing("\\|", with: "").count { $0 == "|" } - 1), "\(line)")
        }
    }
}

@Suite("Method setting keys")
struct MethodSettingKeyTests {
    @Test(
        "a key is read as people write it and printed as the service does",
        arguments: [
            ("*/*", "*/*"), ("/*/*", "*/*"), ("pets/GET", "pets/GET"), ("/pets/GET", "pets/GET"),
            ("~1pets/GET", "pets/GET"),
            ("pets~1{petId}/GET", "pets~1{petId}/GET"), ("/pets/{petId}/GET", "pets~1{petId}/GET"),
            ("~1/GET", "~1/GET"), ("//GET", "~1/GET"), ("/GET", "~1/GET"),
        ])
    func keys(_ text: String, _ printed: String) throws {
        let key = try #require(MethodSettingKey(text: text))
        #expect(key.description == printed)
        #expect(MethodSettingKey(text: printed) == key)
    }

    @Test("what is no key", arguments: ["", "GET", "pets/", "pets/get", "pets/*", "*/GET "])
    func noKeys(_ text: String) { #expect(MethodSettingKey(text: text) == nil) }
}
