import SigV4

/// What an integration of type AWS calls, and as whom.
struct ServiceTemplate: Sendable {
    /// Whose right the call is made by.
    enum Authority: Sendable, Equatable {
        /// The ARN of a role.
        case role(String)
        /// Who signed the client's request: `arn:aws:iam::*:user/*`.
        case caller
        /// The engine's configuration alone: nothing names a role.
        case configured
    }

    let uri: ServiceURI
    let endpoint: EndpointTemplate
    /// Nil: the origin's own.
    let host: String?
    let authority: Authority
    /// From the endpoint map; nil: those of the authority.
    let credentials: SigningCredentials?
    /// Nil for `path/`.
    let action: (name: String, form: ServiceProtocol, parameters: [ServiceURI.Parameter])?

    var scope: SigningScope { SigningScope(service: uri.signingName, region: uri.signingRegion) }

    /// - Parameters:
    ///   - text: The integration's uri.
    ///   - credentials: As the integration has them.
    ///   - variables: Of the stage.
    init(
        parsing text: String, credentials named: String?, _ variables: [String: String], _ endpoints: EndpointMap
    ) throws(CompileStop) {
        uri = try ServiceURI(parsing: EndpointTemplate.fill(text, variables))
        let entry = endpoints.entry(of: uri.service, in: uri.region)
        credentials = entry?.credentials
        authority = try Self.authority(named.map { EndpointTemplate.fill($0, variables) }, entry, text)
        var path: String
        switch uri.form {
        case .path(let rest):
            path = "/" + rest
            action = nil
        case .action(let name, let parameters):
            guard let form = ServiceProtocol.of(uri.service) else {
                throw CompileStop(
                    .endpoint, "the engine does not know how actions of `\(uri.service)` are asked for: use `path/`")
            }
            if case .json = form, !parameters.isEmpty {
                throw CompileStop(.endpoint, "actions of `\(uri.service)` take their parameters from the body")
            }
            path = "/"
            action = (name, form, parameters)
        }
        let subdomain = uri.subdomain.map { $0 + "." } ?? ""
        if let entry, let origin = entry.origin {
            // One address serves all buckets: they are told apart by the path, as S3 takes it everywhere.
            if uri.service == "s3", let bucket = uri.subdomain { path = "/\(bucket)\(path)" }
            host = uri.service == "s3" || subdomain.isEmpty ? nil : subdomain + origin.authority
            endpoint = try EndpointTemplate(
                parsing: origin.security.prefix + origin.authority + entry.basePath + path, stageVariables: [:])
        } else {
            host = nil
            endpoint = try EndpointTemplate(parsing: "https://\(subdomain)\(uri.awsHost)\(path)", stageVariables: [:])
        }
    }

    /// A function that the endpoint map has elsewhere; nil for one that the engine runs itself.
    init?(
        elsewhere text: String, credentials named: String?, _ variables: [String: String], _ endpoints: EndpointMap
    ) throws(CompileStop) {
        let uri = try ServiceURI(parsing: EndpointTemplate.fill(text, variables))
        guard endpoints.entry(of: uri.service, in: uri.region) != nil else { return nil }
        try self.init(parsing: text, credentials: named, variables, endpoints)
    }

    private static func authority(
        _ named: String?, _ entry: EndpointMap.Entry?, _ text: String
    ) throws(CompileStop) -> Authority {
        guard let named, !named.isEmpty else {
            guard entry?.credentials != nil else {
                throw CompileStop(
                    .integration,
                    "`\(text)` has no credentials: name a role, or set credentials for the service "
                        + "under `engine.endpoints.services`")
            }
            return .configured
        }
        if named == "arn:aws:iam::*:user/*" { return .caller }
        let parts = named.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/") else {
            throw CompileStop(.integration, "the credentials `\(named)` are no role, perhaps for an unset variable")
        }
        return .role(named)
    }
}
