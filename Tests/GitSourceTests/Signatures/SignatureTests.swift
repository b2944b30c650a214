import Foundation
import GitSource
import Testing

@Suite("Signatures of commits")
struct SignatureTests {
    private static func isInstalled(_ tool: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
    }

    /// A key of that name, and its line for a file of allowed signers.
    private func key(_ fixture: Fixture, _ name: String, options: String = "") throws -> String {
        try fixture.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "../" + name])
        let text = try String(contentsOfFile: fixture.root + "/\(name).pub", encoding: .utf8)
        return "\(name)@example.com \(options)namespaces=\"git\" " + text
    }

    private func file(_ fixture: Fixture, _ name: String, _ text: String) throws -> String {
        let path = fixture.root + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Writes files and commits them, signed by the SSH key of that name.
    private func commit(_ fixture: Fixture, _ files: [String: String], by name: String) throws -> CommitID {
        for (path, text) in files { try fixture.write(path, text) }
        try fixture.git("add", "--all")
        try fixture.git(
            "-c", "gpg.format=ssh", "-c", "user.signingkey=\(fixture.root)/\(name)", "commit", "--quiet",
            "--allow-empty", "-S", "--message", "Signed")
        return try fixture.id(fixture.git("rev-parse", "HEAD"))
    }

    @Test(
        "SSH: unsigned, unknown, expired, tampered and not allowed for a path, each with its code",
        .enabled(if: isInstalled("ssh-keygen"), "ssh-keygen is not installed"))
    func ssh() async throws {
        let fixture = try Fixture()
        let ann = try key(fixture, "ann")
        let sue = try key(fixture, "sue")
        let old = try key(fixture, "old", options: "valid-before=\"20200101\",")
        _ = try key(fixture, "eve")
        let everyone = try file(fixture, "everyone", ann + sue + old)
        let security = try file(fixture, "security", sue)
        let policy = SignaturePolicy(signers: [
            .init(paths: ["iam/**"], ssh: security), .init(ssh: everyone),
        ])
        let unsigned = try fixture.commit(["apis/a": "1", "iam/r": "1"])
        let repository = try fixture.open()
        func verdict(_ id: CommitID, since base: CommitID? = nil) async -> GitFailure? {
            await failure { try await repository.verify(id, since: base, policy) }
        }
        #expect(await verdict(unsigned)?.code == .commitUnsigned)
        let api = try commit(fixture, ["apis/a": "2"], by: "ann")
        #expect(await verdict(api, since: unsigned) == nil)
        // Everything is new: the path of others as well.
        let first = await verdict(api)
        #expect(first?.code == .signerNotAllowed)
        #expect(first?.path == "iam/r")
        #expect(first?.message.contains("ann@example.com") == true)
        let role = try commit(fixture, ["iam/r": "2"], by: "ann")
        #expect(await verdict(role, since: api)?.code == .signerNotAllowed)
        // Hidden one commit below, it is still judged.
        let above = try commit(fixture, ["apis/a": "3"], by: "ann")
        #expect(await verdict(above, since: api)?.code == .signerNotAllowed)
        #expect(await verdict(above, since: role) == nil)
        let vouched = try commit(fixture, ["apis/a": "4"], by: "sue")
        #expect(await verdict(vouched, since: api) == nil)
        #expect(await verdict(vouched) == nil)
        // A rename out of the protected folder changes it.
        try fixture.git("mv", "iam/r", "apis/r")
        let moved = try commit(fixture, [:], by: "ann")
        #expect(await verdict(moved, since: vouched)?.path == "iam/r")
        let stranger = try commit(fixture, ["apis/a": "5"], by: "eve")
        #expect(await verdict(stranger, since: moved)?.code == .signerUnknown)
        let expired = try commit(fixture, ["apis/a": "6"], by: "old")
        #expect(await verdict(expired, since: stranger)?.code == .signerExpired)
        // Nothing changed: still to be someone's.
        let empty = try commit(fixture, [:], by: "eve")
        #expect(await verdict(empty, since: expired)?.code == .signerUnknown)
        let text = try fixture.git("cat-file", "commit", api.hex) + "\n"
        let forged = text.replacingOccurrences(of: "Signed", with: "Forged")
        let tampered: CommitID = try fixture.id(
            fixture.git("hash-object", "-t", "commit", "-w", "--stdin", input: Array(forged.utf8)))
        #expect(await verdict(tampered, since: unsigned)?.code == .signatureBad)
        // A base that is gone: everything is a change.
        let gone = try #require(CommitID(hex: String(repeating: "1", count: 40)))
        #expect(await verdict(vouched, since: gone) == nil)
        let missing = SignaturePolicy(signers: [.init(ssh: fixture.root + "/none")])
        let unreadable = await failure { try await repository.verify(api, since: nil, missing) }
        #expect(unreadable?.code == .signersUnreadable)
        let none = await failure { try await repository.verify(api, since: nil, SignaturePolicy(signers: [])) }
        #expect(none?.code == .signerUnknown)
    }

    @Test(
        "OpenPGP: good, unknown and expired keys, an armoured export and a keyring",
        .enabled(if: isInstalled("gpg"), "gpg is not installed"))
    func gpg() async throws {
        let fixture = try Fixture()
        let home = "/tmp/gw-gpg-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer {
            _ = try? fixture.run(["gpgconf", "--homedir", home, "--kill", "all"])
            try? FileManager.default.removeItem(atPath: home)
        }
        let gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", ""]
        func make(_ name: String, _ expiry: String = "never", at time: String = "20230101T000000") throws {
            try fixture.run(
                gpg + [
                    "--faked-system-time", time, "--quick-generate-key", "\(name)@example.com", "ed25519", "sign",
                    expiry,
                ])
        }
        try make("ann")
        try make("eve")
        try make("old", "1d")
        let program = try file(
            fixture, "gpg.sh",
            "#!/bin/sh\nexec gpg --homedir \(home) --batch --faked-system-time 20230101T010000 \"$@\"\n")
        try fixture.run(["chmod", "+x", program])
        func commit(_ name: String) throws -> CommitID {
            try fixture.write("a", name)
            try fixture.git("add", "--all")
            try fixture.git(
                "-c", "gpg.program=\(program)", "-c", "user.signingkey=\(name)@example.com", "commit", "--quiet", "-S",
                "--message", "Signed")
            return try fixture.id(fixture.git("rev-parse", "HEAD"))
        }
        let commits = try ["ann", "eve", "old"].map(commit)
        let repository = try fixture.open()
        let armoured = fixture.root + "/keys.asc"
        let ring = fixture.root + "/keys.gpg"
        try fixture.run(gpg + ["--armor", "--output", armoured, "--export", "ann@example.com", "old@example.com"])
        try fixture.run(gpg + ["--output", ring, "--export", "ann@example.com", "old@example.com"])
        for keys in [armoured, ring, home + "/pubring.kbx"] {
            let policy = SignaturePolicy(signers: [.init(gpg: keys)])
            let codes = await [
                failure { try await repository.verify(commits[0], since: nil, policy) }?.code,
                failure { try await repository.verify(commits[1], since: nil, policy) }?.code,
                failure { try await repository.verify(commits[2], since: nil, policy) }?.code,
            ]
            // The keybox has all three.
            #expect(codes == [nil, keys.hasSuffix("kbx") ? nil : .signerUnknown, .signerExpired], "\(keys)")
        }
        let onlySSH = SignaturePolicy(signers: [.init(ssh: armoured)])
        let other = await failure { try await repository.verify(commits[0], since: nil, onlySSH) }
        #expect(other?.code == .signerUnknown)
    }
}
