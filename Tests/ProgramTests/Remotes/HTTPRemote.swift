import Foundation
import Testing

/// `git http-backend` behind a small server, over TLS if asked.
struct HTTPRemote {
    let program: Program
    let port: Int
    /// The `Authorization` header of each request, `-` for none; one a line.
    let log: String

    /// What the server demands and does.
    struct Behaviour {
        /// `user:password`; nil for anyone.
        var login: String?
        /// Where `/moved/...` leads, such as `http://127.0.0.1:1234`.
        var movedTo = ""
        /// Files of a certificate and its key.
        var certificate: (certificate: String, key: String)?
    }

    static func start(_ remote: Remote, _ behaviour: Behaviour = Behaviour()) async throws -> HTTPRemote {
        let script = remote.workspace.path + "/served.py"
        try source.write(toFile: script, atomically: true, encoding: .utf8)
        let log = remote.workspace.path + "/" + UUID().uuidString + ".log"
        let (program, port) = try await remote.serve("python3") { port in
            [
                script, "\(port)", remote.root, log, behaviour.login ?? "", behaviour.movedTo,
                behaviour.certificate?.certificate ?? "", behaviour.certificate?.key ?? "",
            ]
        }
        return HTTPRemote(program: program, port: port, log: log)
    }

    var authorizations: [String] {
        String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private static let source = """
        import base64, http.server, os, ssl, subprocess, sys
        port, root, log, login, moved, certificate, key = sys.argv[1:8]

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, headers, body=b''):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def body(self):
                if self.headers.get('Transfer-Encoding', '') == 'chunked':
                    parts = []
                    while True:
                        size = int(self.rfile.readline().split(b';')[0], 16)
                        parts.append(self.rfile.read(size))
                        self.rfile.readline()
                        if size == 0: return b''.join(parts)
                return self.rfile.read(int(self.headers.get('Content-Length') or 0))

            def do_GET(self):
                path, _, query = self.path.partition('?')
                given = self.headers.get('Authorization', '-')
                with open(log, 'a') as file: file.write(given + '\\n')
                body = self.body()
                if path.startswith('/moved/'):
                    return self.answer(302, [('Location', moved + self.path[6:])])
                if login and given != 'Basic ' + base64.b64encode(login.encode()).decode():
                    return self.answer(401, [('WWW-Authenticate', 'Basic realm="git"')])
                done = subprocess.run(['git', 'http-backend'], input=body, capture_output=True, env=dict(
                    os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL='1', PATH_INFO=path, QUERY_STRING=query,
                    REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get('Content-Type', ''),
                    CONTENT_LENGTH=str(len(body)), HTTP_CONTENT_ENCODING=self.headers.get('Content-Encoding', '')))
                head, _, payload = done.stdout.partition(b'\\r\\n\\r\\n')
                headers = [line.split(': ', 1) for line in head.decode().split('\\r\\n') if ': ' in line]
                status = [value for name, value in headers if name == 'Status']
                self.answer(int(status[0].split()[0]) if status else 200,
                            [pair for pair in headers if pair[0] != 'Status'], payload)
            do_POST = do_GET

            def log_message(self, *words): pass

        server = http.server.ThreadingHTTPServer(('127.0.0.1', int(port)), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.serve_forever()
        """
}

/// An authority of its own and what it has signed, made by `openssl`.
struct TestAuthority {
    let folder: String
    private let workspace: Workspace
    var file: String { folder + "/ca.pem" }

    init(_ workspace: Workspace) async throws {
        self.workspace = workspace
        folder = try workspace.folder("authority-" + UUID().uuidString.prefix(6))
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "2")
    }

    /// - Parameters:
    ///   - name: As `DNS:...` or `IP:...`.
    ///   - days: Negative for one that has expired.
    func certificate(_ name: String, days: Int = 2) async throws -> (certificate: String, key: String) {
        let stem = UUID().uuidString
        try "subjectAltName=\(name)\n".write(toFile: "\(folder)/\(stem).ext", atomically: true, encoding: .utf8)
        try await openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            stem + ".key", "-out", stem + ".csr", "-subj", "/CN=\(name.split(separator: ":")[1])")
        try await openssl(
            "x509", "-req", "-in", stem + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            stem + ".pem", "-days", "\(days)", "-extfile", stem + ".ext")
        return ("\(folder)/\(stem).pem", "\(folder)/\(stem).key")
    }

    private func openssl(_ arguments: String...) async throws {
        let output = try await Program.run("openssl", arguments, in: folder, workspace)
        try #require(output.status == 0, "\(output)")
    }
}
