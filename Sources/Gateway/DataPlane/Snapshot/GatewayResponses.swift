import JSON

/// The customised gateway responses of an API.
struct GatewayResponses: Sendable {
    struct Customised: Sendable {
        /// Nil: none was put.
        var status: Int?
        var headers: [(name: String, source: ParameterSource)]
        var templates: [(contentType: String, template: SubstitutionTemplate)]
    }

    private var byType: [GatewayResponseType: Customised] = [:]

    static let none = GatewayResponses()

    private init() {}

    /// - Parameter problems: Receives what was left out and why.
    init(_ documents: [String: JSONValue], problems: inout [CompileStop]) {
        for (name, document) in documents.sorted(by: { $0.key < $1.key }) {
            guard let type = GatewayResponseType(rawValue: name) else {
                problems.append(CompileStop(.gatewayResponse, "there is no gateway response `\(name)`"))
                continue
            }
            // The service lists its defaults too; they customise nothing.
            if document["defaultResponse"]?.bool == true { continue }
            byType[type] = Self.compile(name, document, &problems)
        }
    }

    private static func compile(
        _ name: String, _ document: JSONValue, _ problems: inout [CompileStop]
    ) -> Customised {
        var result = Customised(status: nil, headers: [], templates: [])
        if let text = document["statusCode"]?.string ?? document["statusCode"]?.number?.text {
            result.status = Int(text).flatMap { (200...599).contains($0) ? $0 : nil }
            if result.status == nil {
                problems.append(CompileStop(.gatewayResponse, "the status `\(text)` of `\(name)` is not valid"))
            }
        }
        for member in document["responseParameters"]?.object?.members ?? [] {
            let prefix = "gatewayresponse.header."
            guard member.name.hasPrefix(prefix), let text = member.value.string else {
                problems.append(CompileStop(.gatewayResponse, "`\(member.name)` of `\(name)` has no known form"))
                continue
            }
            do {
                let source = try ParameterSource(parsing: text, in: .gatewayResponse)
                result.headers.append((String(member.name.dropFirst(prefix.count)), source))
            } catch {
                problems.append(CompileStop(.gatewayResponse, "in `\(name)`: \(error.reason)"))
            }
        }
        for member in document["responseTemplates"]?.object?.members ?? [] {
            guard let text = member.value.string else { continue }
            result.templates.append((member.name, SubstitutionTemplate(text)))
        }
        return result
    }

    /// The customisation for a type: its own, else that of its class.
    subscript(type: GatewayResponseType) -> Customised? { byType[type] ?? byType[type.fallback] }
}

/// Text with references that are replaced as they stand; no directives.
struct SubstitutionTemplate: Sendable {
    enum Piece: Equatable, Sendable {
        case text(String)
        /// `context.error.message`, `stageVariables.x`, `method.request.header.X`
        case reference(String)
    }

    let pieces: [Piece]

    private static let roots = ["context.", "stageVariables.", "method.request."]

    init(_ text: String) {
        var pieces: [Piece] = []
        var plain = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            plain += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.first == "{"
            let body = isBraced ? rest.dropFirst() : rest
            let name = Self.name(body)
            let end = body.dropFirst(name.count)
            guard Self.roots.contains(where: { name.hasPrefix($0) }), !isBraced || end.first == "}" else {
                plain += "$"
                continue
            }
            if !plain.isEmpty { pieces.append(.text(plain)) }
            plain = ""
            pieces.append(.reference(name))
            rest = isBraced ? end.dropFirst() : end
        }
        plain += rest
        if !plain.isEmpty { pieces.append(.text(plain)) }
        self.pieces = pieces
    }

    /// Letters, digits, `_`, `-`, and a dot where a name follows.
    private static func name(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let character = rest.first {
            let follows = rest.dropFirst().first
            let isDot = character == "." && (follows.map { $0.isLetter || $0 == "_" } ?? false)
            guard character.isASCII, character.isLetter || character.isNumber || "_-".contains(character) || isDot
            else { break }
            result.append(character)
            rest = rest.dropFirst()
        }
        return result
    }
}
