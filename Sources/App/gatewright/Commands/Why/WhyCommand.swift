import ArgumentParser
import Diagnostics
import IAMPolicy
import JSON
import Resources

/// `gatewright why PRINCIPAL ACTION RESOURCE`: the decision, and the statement that made it.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say whether policies allow a request, and which statement decides.",
        discussion: """
            FILE is a policy document in JSON or YAML, or a manifest with policies in it; for --policy and --boundary also \
            the ARN of a managed policy of AWS. With DIR, --environment or a principal such as User/dev the policies are \
            those of the manifests, and with --from live those that the account of their target has now. Exits with 0 if the request is allowed and with 4 if it is not.
            """)

    @Argument(
        help: """
            User/NAME or Role/NAME of the manifests; the ARN of a user, role, session or root, an account id, a service's \
            name, or `anonymous`.
            """)
    var principal: String

    @Argument(help: "Such as execute-api:Invoke.")
    var action: String

    @Argument(
        help:
            "An ARN, or * for an action without a resource; of the manifests 'RestApi/NAME STAGE GET /path' or Role/NAME."
    )
    var resource: String

    @Argument(help: "A folder with a gatewright.yaml, whose manifests have the policies.", completion: .directory)
    var dir: String?

    @Option(help: "The environment of the manifests; needed where there are several.", completion: .environments)
    var environment: String?

    enum Origin: String, ExpressibleByArgument, CaseIterable { case desired, live }

    @Option(help: "Whose policies count: desired, those of the manifests, or live, those of the target's account.")
    var from: Origin = .desired

    @Option(help: "KEY=VALUE, a condition key of the request; the same key again for several values.")
    var context: [String] = []

    @Option(help: "FILE with policies of the user and its groups, or of the role; may be repeated.")
    var policy: [String] = []

    @Option(help: "FILE with the permissions boundary.")
    var boundary: String?

    @Option(help: "FILE with the session policy.")
    var sessionPolicy: String?

    @Option(help: "FILE with the policy of the resource.")
    var resourcePolicy: String?

    @Option(help: "FILE with the trust policy of the role that RESOURCE is.")
    var trustPolicy: String?

    @Option(help: "Whose RESOURCE is, if its ARN does not say.")
    var resourceAccount: String?

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "How the answer is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            if from == .live { return try await LiveQuestion(command: self).run(terminal) }
            if isOfManifests { return try await ManifestQuestion(command: self).run(terminal) }
            var reader = PolicyFileReader()
            let layers = PolicyLayers(
                identity: [PolicySet(try policy.flatMap { try reader.policies($0, as: .identity) })],
                boundary: try boundary.map { PolicySet(try reader.policies($0, as: .boundary)) },
                session: try sessionPolicy.map { PolicySet(try reader.policies($0, as: .session)) },
                resource: try ownPolicies(&reader), resourceMustAllow: trustPolicy != nil)
            let problems = reader.rendered(isColoured: terminal.colour)
            if !problems.isEmpty { terminal.note(problems) }
            guard !reader.diagnostics.hasErrors, let caller = Caller(naming: principal) else { return .error }
            let request = AccessRequest(
                caller: caller, action: action, resource: resource, resourceAccount: resourceAccount,
                context: requestContext)
            let answer = WhyAnswer(request: request, decision: layers.decision(request))
            terminal.say(format == .json ? answer.json.text(.pretty) : answer.text)
            return answer.decision.isAllowed ? .done : .notApproved
        }
    }

    private func ownPolicies(_ reader: inout PolicyFileReader) throws -> PolicySet? {
        if let trustPolicy { return PolicySet(try reader.policies(trustPolicy, as: .trust)) }
        return try resourcePolicy.map { PolicySet(try reader.policies($0, as: .resource)) }
    }

    /// True if the policies are those of manifests, not of the files that are given.
    var isOfManifests: Bool {
        from == .live || dir != nil || environment != nil || Self.isAddress(principal) || Self.isAddress(resource)
    }

    private static func isAddress(_ text: String) -> Bool {
        !text.hasPrefix("arn:") && Address(text: text).map { KindTable.manifest($0.kind.rawValue) != nil } == true
    }

    var requestContext: RequestContext {
        var context = RequestContext()
        for pair in self.context {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            context[parts[0]] = (context[parts[0]] ?? []) + [parts[1]]
        }
        return context
    }
}

extension WhyCommand {
    func validate() throws {
        let files = policy + [boundary, sessionPolicy, resourcePolicy, trustPolicy].compactMap { $0 }
        if isOfManifests, !files.isEmpty {
            throw ValidationError("the policies are those of the manifests or of their target: give no FILE beside")
        }
        guard isOfManifests || Caller(naming: principal) != nil else {
            throw ValidationError(
                "PRINCIPAL is the ARN of a user, role, session or root, an account id of twelve digits, a service such as "
                    + "apigateway.amazonaws.com, or anonymous")
        }
        let parts = action.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !action.contains("*"), !action.contains("?") else {
            throw ValidationError("ACTION is one action such as execute-api:Invoke, without wildcards")
        }
        guard
            isOfManifests || resource == "*"
                || resource.split(separator: ":", omittingEmptySubsequences: false).count >= 6
        else {
            throw ValidationError("RESOURCE is an ARN, or * for an action without a resource")
        }
        for pair in context where pair.firstIndex(of: "=").map({ $0 == pair.startIndex }) ?? true {
            throw ValidationError("--context takes KEY=VALUE, such as aws:SourceIp=203.0.113.7")
        }
        if let resourceAccount, resourceAccount.utf8.count != 12 || Int(resourceAccount) == nil {
            throw ValidationError("--resource-account takes an account id of twelve digits")
        }
        if trustPolicy != nil, resourcePolicy != nil {
            throw ValidationError("a role's trust policy is its resource policy: give one of them")
        }
    }
}
