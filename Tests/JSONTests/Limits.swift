import JSON
import Testing

@Test("a text is read and written")
func readAndWrite() throws {
    let text = #"{"b":[1,2.50,"x"],"a":null}"#
    let value = try JSONValue(parsing: text)
    #expect(value.text(.compact) == text)
    #expect(value.text(.canonical) == #"{"a":null,"b":[1,2.5,"x"]}"#)
}
