import Testing
import XML

@testable import AWSProvider

@Suite("replies of the Query services")
struct ReplyTests {
    private func read(_ text: String) throws(XMLProblem) -> XMLElement { try XMLElement.reply(Array(text.utf8)) }

    @Test("a reply of IAM gives its elements, lists and texts")
    func reply() throws {
        let root = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- one page -->
            <ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
              <ListRolesResult><IsTruncated>false</IsTruncated><Roles>
                <member><RoleName>a&amp;b</RoleName><Description/></member>
                <member><RoleName><![CDATA[<c>]]></RoleName></member>
              </Roles></ListRolesResult>
            </ListRolesResponse>
            """)
        #expect(root.name.local == "ListRolesResponse" && root.text == nil)
        let result = try #require(root["ListRolesResult"])
        #expect(result.text("IsTruncated") == "false")
        #expect(result.members("Roles").map { $0.text("RoleName") } == ["a&b", "<c>"])
        #expect(result.members("Roles")[0].text("Description")?.isEmpty == true)
        #expect(result.text("Marker") == nil && result.members("Users").isEmpty)
        #expect(root.first("Description")?.name.local == "Description" && root.first("Nothing") == nil)
    }

    @Test("prefixes, attributes and instructions are read and dropped")
    func dropped() throws {
        let root = try read("<?xml version='1.0'?><?style a b?><a:b xmlns:a='x' c=\"&lt;1&gt;\" ><a:d>1</a:d></a:b >")
        #expect(root.name.local == "b" && root.elements.count == 1 && root.text("d") == "1")
    }
}
