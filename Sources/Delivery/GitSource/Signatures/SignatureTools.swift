import FoundationEssentials
import Glibc

/// A folder for the time of one check.
struct ScratchFolder: ~Copyable {
    let path: String

    init() throws(GitFailure) {
        var template = Array((FileManager.default.temporaryDirectory.path + "/gatewright-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw GitFailure(.signersUnreadable, "no temporary folder can be made to check a signature in")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ name: String, _ bytes: [UInt8]) throws(GitFailure) -> String {
        let file = path + "/" + name
        do {
            try Data(bytes).write(to: URL(filePath: file))
        } catch {
            throw GitFailure(.signersUnreadable, "`\(file)` cannot be written, which a signature is to be checked with")
        }
        return file
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            // The system clears its temporary folder.
        }
    }
}

/// Programs that check signatures.
enum SignatureTools {
    static func run(
        _ program: String, _ arguments: [String], input: [UInt8] = []
    ) throws(GitFailure) -> (status: Int32, output: String, errors: String) {
        var variables = Environment.current
        variables["LC_ALL"] = "C"
        let child = ChildProcess(
            program: program, arguments: arguments, environment: variables,
            limits: ChildProcess.Bounds(whole: Limits.helperTime))
        guard let result = child.run(input: input) else {
            throw GitFailure(
                .signatureToolMissing, "`\(program)` cannot be started, and signatures are checked with it")
        }
        guard case .status(let status) = result.end, status != 127 else {
            throw GitFailure(.signatureToolMissing, "`\(program)` did not come to its end")
        }
        return (
            status, String(decoding: result.output, as: UTF8.self), String(decoding: result.errors, as: UTF8.self)
        )
    }

    static func checkReadable(_ file: String) throws(GitFailure) {
        guard access(file, R_OK) == 0 else {
            throw GitFailure(.signersUnreadable, "the file of allowed signers `\(file)` cannot be read")
        }
    }
}

/// SSH signatures, by `ssh-keygen -Y`.
///
/// The time that counts is now: a commit's own time is what its author says.
enum SSHVerification {
    static func judge(
        _ signature: CommitSignature, _ allowed: String
    ) throws(GitFailure) -> SignatureCheck.Judgement {
        try SignatureTools.checkReadable(allowed)
        let folder = try ScratchFolder()
        let file = try folder.write("signature", signature.text)
        let plain = try SignatureTools.run(
            "ssh-keygen", ["-Y", "check-novalidate", "-n", "git", "-s", file], input: signature.payload)
        guard plain.status == 0 else {
            return .bad(plain.errors.firstLine ?? plain.output.firstLine ?? "no reason given")
        }
        let signer = plain.output.words.last.map { "the key " + $0 } ?? "an SSH key"
        let found = try SignatureTools.run(
            "ssh-keygen", ["-Y", "find-principals", "-s", file, "-f", allowed], input: signature.payload)
        func isExpired(_ text: String) -> Bool { text.contains("expired") || text.contains("not yet valid") }
        guard found.status == 0, let names = found.output.firstLine else {
            return isExpired(found.errors) ? .expired(signer: signer) : .unknown(signer: signer)
        }
        for name in names.split(separator: ",") {
            let verified = try SignatureTools.run(
                "ssh-keygen", ["-Y", "verify", "-n", "git", "-f", allowed, "-I", String(name), "-s", file],
                input: signature.payload)
            if verified.status == 0 { return .good(signer: "`\(name)`") }
            if isExpired(verified.errors) { return .expired(signer: "`\(name)`") }
        }
        return .unknown(signer: signer)
    }
}

/// OpenPGP signatures, by `gpg` with a home of its own, so that nobody's keyring counts but the one that is named.
enum GPGVerification {
    static func judge(
        _ signature: CommitSignature, _ keys: String
    ) throws(GitFailure) -> SignatureCheck.Judgement {
        try SignatureTools.checkReadable(keys)
        let folder = try ScratchFolder()
        let file = try folder.write("signature", signature.text)
        let payload = try folder.write("payload", signature.payload)
        let options = ["--homedir", folder.path, "--batch", "--no-tty", "--no-autostart", "--trust-model", "always"]
        var ring: [String] = []
        if try SignatureTools.run("gpg", options + ["--import", keys]).status != 0 {
            ring = ["--no-default-keyring", "--keyring", keys]
        }
        let result = try SignatureTools.run("gpg", options + ring + ["--status-fd", "1", "--verify", file, payload])
        let words = result.output.split(whereSeparator: \.isNewline).map { $0.split(separator: " ").map(String.init) }
        func line(_ names: String...) -> [String]? { words.first { $0.count > 1 && names.contains($0[1]) } }
        func signer(_ line: [String]) -> String {
            line.count > 3 ? "`\(line[3...].joined(separator: " "))`" : "the key \(line.dropFirst(2).first ?? "?")"
        }
        if let bad = line("BADSIG") { return .bad("it was made for something else by \(signer(bad))") }
        if let old = line("EXPKEYSIG", "EXPSIG", "REVKEYSIG") { return .expired(signer: signer(old)) }
        if let missing = line("NO_PUBKEY", "ERRSIG") {
            return .unknown(signer: "the key \(missing.dropFirst(2).first ?? "?")")
        }
        guard let good = line("GOODSIG"), line("VALIDSIG") != nil, result.status == 0 else {
            return .bad(result.errors.firstLine ?? "gpg finds no signature")
        }
        return .good(signer: signer(good))
    }
}

extension String {
    fileprivate var firstLine: String? { split(whereSeparator: \.isNewline).first.map { String($0.prefix(200)) } }
    fileprivate var words: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }
}
