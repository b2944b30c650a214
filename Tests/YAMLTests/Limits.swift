import JSON
import Testing
import YAML

@Test("a file of two documents is read")
func twoDocuments() throws {
    let (documents, diagnostics) = Node.parse(yaml: Array("a: 012\nb: [1, yes, 0x1F]\n---\n~\n".utf8), file: "f")
    #expect(diagnostics.isEmpty)
    #expect(documents.map { $0.value.text(.compact) } == [#"{"a":"012","b":[1,"yes",31]}"#, "null"])
}
