import Diagnostics
import JSON
import Resources

/// One document on its way to a definition: what was found so far.
struct DocumentReading {
    enum Version { case swagger2, openAPI3 }

    let use: OpenAPIReader.Use
    let root: Place
    let version: Version

    var diagnostics: [Diagnostic] = []
    /// Also of those that are not listed any more.
    var problemCounts: [Diagnostic.Severity: Int] = [:]
    var resourceCount = 0
    var warnings: [String] = []
    var attributes = JSONObject()
    var documentationVersion: String?
    var cors: CORSRule?
    private(set) var objects: [ObjectName: DefinitionObject] = [:]

    /// Members of `definitions` or `components.<name>`, found once because documents refer to them often.
    var components: [String: [String: Place]] = [:]
    /// Names of the request validators.
    var validators: Set<String> = []
    var schemes: [String: SecurityScheme] = [:]
    var routes = RouteTable()
    /// The method that is being read, for the service's texts.
    var current: (method: String, path: String)?

    struct ObjectName: Hashable {
        let kind: ResourceKind
        let key: String
    }

    init(use: OpenAPIReader.Use, root: Place, version: Version) {
        self.use = use
        if case .manifest = use { isManifest = true } else { isManifest = false }
        self.root = root
        self.version = version
    }

    let isManifest: Bool

    /// Adds the object in normal form; a second one of the same name takes its place.
    mutating func add(_ kind: ResourceKind, _ key: String, _ document: JSONObject, at span: SourceSpan?) {
        let normal = KindTable.object(kind)?.normalForm(of: .object(document)) ?? .object(document)
        objects[ObjectName(kind: kind, key: key)] = DefinitionObject(kind: kind, key: key, document: normal, span: span)
    }

    func has(_ kind: ResourceKind, _ key: String) -> Bool { objects[ObjectName(kind: kind, key: key)] != nil }
    func span(of kind: ResourceKind, _ key: String) -> SourceSpan? {
        objects[ObjectName(kind: kind, key: key)]?.span
    }

    /// Reads everything; the order only matters where one part needs the names of another.
    mutating func run() {
        findIntrinsics()
        checkNames(of: root, known: Self.documentMembers, extensions: Extensions.document, isStrict: false)
        if let components = root["components"] {
            checkNames(of: components, known: Self.componentMembers, isStrict: false)
        }
        readAttributes()
        readTags()
        collectComponents()
        readModels()
        readRequestValidators()
        readSecuritySchemes()
        readDocumentation()
        readGatewayResponses()
        readCORS()
        readPaths()
    }

    static let documentMembers = [
        "swagger", "openapi", "info", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions",
        "parameters", "responses", "securityDefinitions", "security", "tags", "externalDocs", "servers", "components",
    ]
    static let componentMembers = [
        "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links",
        "callbacks",
    ]
}
