import Resources
import Testing

@Suite("Templates of CORS rules")
struct CORSTemplateTests {
    @Test(
        "the origins are read as they were written",
        arguments: [
            ["https://a.b"], ["https://a.b", "http://c.d:1"], ["https://*"], ["https://a.b", "http://*", "https://*"],
            [],
        ])
    func origins(_ origins: [String]) {
        #expect(CORSTemplate.origins(of: CORSTemplate.echo(origins)) == origins)
    }

    @Test(
        "a text that says anything else has none",
        arguments: [
            "", "#set($corsOrigins = [", "#set($corsOrigins = [\n'https://a.b'\n])",
            CORSTemplate.echo(["https://a.b"]) + "{}",
            CORSTemplate.echo(["https://a.b"]).replacing("== ''", with: "!= ''"),
            CORSTemplate.echo(["https://a.b"]).replacing("https://a.b", with: "https://a.b', 'https://evil.example"),
        ])
    func others(_ text: String) {
        #expect(CORSTemplate.origins(of: text) == nil)
    }
}
