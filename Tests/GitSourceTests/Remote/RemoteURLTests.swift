import Testing

@testable import GitSource

@Suite("Addresses of remotes")
struct RemoteURLTests {
    @Test("the parts of an address are read, and no password is in what is shown or handed on")
    func parts() throws {
        let https = try RemoteURL("https://ann:p%40ss%2Fword@Git.Example.com:8443/team/api.git")
        #expect(https.scheme == .https && https.host == "git.example.com" && https.port == 8443)
        #expect(https.user == "ann" && https.password == "p@ss/word")
        #expect(https.address == "https://git.example.com:8443/team/api.git")
        #expect(https.description == https.address && https.name == "api")
        let ssh = try RemoteURL("ssh://git@[::1]:2222/team/api")
        #expect(ssh.user == "git" && ssh.host == "::1" && ssh.knownHostName == "[::1]:2222")
        #expect(ssh.address == "ssh://git@[::1]:2222/team/api")
        let short = try RemoteURL("git@example.com:team/api.git")
        #expect(short.scheme == .ssh && short.user == "git" && short.host == "example.com" && short.name == "api")
        #expect(short.knownHostName == "example.com")
        #expect(try RemoteURL("/srv/git/api.git").scheme == .file)
        #expect(try RemoteURL("file:///srv/a%20b.git").address == "/srv/a b.git")
    }

    @Test(
        "what is no address is refused, without its password in the message",
        arguments: [
            "ftp://ann:secret@host/a", "https://", "https://host", "https:///path", "https://ann:secret%0a@host/a",
            "https://ann:secret%zz@host/a", "https://host:99999/a", "https://host:x/a", "https://a b/c", "ssh://host",
            "file://elsewhere/a", "git@:path", "git@host:", "https://ann:secret@host\n/a",
        ])
    func refused(_ text: String) async {
        let found = await failure { _ = try RemoteURL(text) }
        #expect(found?.code == .unsupportedLocation)
        #expect(found?.message.contains("secret") == false)
    }

    @Test("paths of this machine are told from addresses")
    func isRemote() {
        for text in ["https://h/p", "git@h:p", "host:p", "ssh://h/p"] { #expect(RemoteURL.isRemote(text)) }
        for text in [".", "/a/b", "a/b:c", "file:///a", "./a:b"] { #expect(!RemoteURL.isRemote(text)) }
    }

    @Test("credentials belong to scheme, host and port")
    func origin() throws {
        let url = try RemoteURL("https://host/a")
        #expect(url.isSameOrigin(as: "https://user@HOST/b"))
        for other in ["http://host/a", "https://host:444/a", "https://host.evil/a", "nonsense"] {
            #expect(!url.isSameOrigin(as: other))
        }
    }

    @Test(
        "patterns of paths",
        arguments: [
            ("iam/**", ["iam/a", "iam/b/c"], ["iam", "iamb/c", "x/iam/a"]),
            ("*.yaml", ["a.yaml"], ["b/a.yaml", "a.yml"]),
            ("**/a", ["a", "b/a", "b/c/a"], ["ba"]), ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb"]),
            ("a?c", ["abc"], ["a/c", "ac"]), ("**", ["a", "a/b", ""], []), ("", [""], ["a"]),
        ])
    func globs(_ pattern: String, _ inside: [String], _ outside: [String]) {
        func fits(_ text: String) -> Bool { Glob.matches(Array(pattern.utf8), Array(text.utf8), star: .withinPart) }
        for text in inside { #expect(fits(text), "\(text)") }
        for text in outside { #expect(!fits(text), "\(text)") }
    }

    @Test("known_hosts: patterns, negation, ports, markers, comments and broken lines")
    func knownHosts() {
        let text = """
            # comment
            *.example.com,!bad.example.com ssh-ed25519 AAAA
            [git.test]:2222 ssh-rsa BBBB extra words
            @revoked git.example.com ssh-ed25519 CCCC
            @cert-authority *.corp ssh-rsa DDDD
            broken
            a.example.com ssh-ed25519 not-base64!
            """
        func judge(_ name: String, _ key: [UInt8]) -> KnownHosts.Judgement { KnownHosts([text], of: name).judge(key) }
        let (a, b, c): ([UInt8], [UInt8], [UInt8]) = ([0, 0, 0], [4, 16, 65], [8, 32, 130])
        #expect(judge("git.example.com", a) == .known)
        #expect(judge("GIT.example.com", b) == .changed(types: ["ssh-ed25519"]))
        #expect(judge("git.example.com", c) == .revoked)
        #expect(judge("bad.example.com", a) == .unknown)
        #expect(judge("git.test", b) == .unknown)
        #expect(judge("[git.test]:2222", b) == .known)
        #expect(judge("x.corp", a) == .authority)
    }
}
