/// Policies compiled together: all inline and attached ones of a user, a group or a role, or the policy of a resource.
///
/// Compile once, when a policy changes, and share the value: a decision reads it and takes no lock. Statements are found
/// by the request's action, so the time of a decision grows with the statements that name its service.
package struct PolicySet: Sendable {
    let statements: [CompiledStatement]
    private let denies: StatementIndex
    private let allows: StatementIndex

    /// - Parameter policies: Each with the name that decisions give it: an ARN, or the name of an inline policy.
    package init(_ policies: [(name: String, document: PolicyDocument)]) {
        var statements: [CompiledStatement] = []
        for (name, document) in policies {
            for (index, statement) in document.statements.enumerated() {
                let origin = StatementOrigin(policy: name, index: index, sid: statement.sid, span: statement.span)
                let compiled = CompiledStatement(statement, version: document.version, origin: origin)
                if let compiled { statements.append(compiled) }
            }
        }
        self.statements = statements
        denies = StatementIndex(statements, .deny)
        allows = StatementIndex(statements, .allow)
    }

    package init(_ document: PolicyDocument, name: String) { self.init([(name, document)]) }

    package var isEmpty: Bool { statements.isEmpty }

    /// The first statement that denies the request, if one does.
    func denial(_ request: AccessRequest, hasBoundary: Bool = false) -> StatementOrigin? {
        var first: Int?
        denies.forEachCandidate(request) { position in
            if let first, first <= position { return }
            let statement = statements[position]
            guard statement.matches(request) else { return }
            // A denial that spares some denies everybody who has a boundary.
            let deniesAll = hasBoundary && statement.principals?.isExcluding == true
            if deniesAll || statement.naming(request.caller) != nil { first = position }
        }
        return first.map { statements[$0].origin }
    }

    /// The first statement that allows the request, of those that name the caller most closely.
    func grant(_ request: AccessRequest) -> (origin: StatementOrigin, naming: CompiledStatement.Naming)? {
        var best: (position: Int, naming: CompiledStatement.Naming)?
        allows.forEachCandidate(request) { position in
            if let best, best.naming == .caller, best.position <= position { return }
            let statement = statements[position]
            guard let naming = statement.naming(request.caller) else { return }
            if let best, (best.naming, -best.position) >= (naming, -position) { return }
            if statement.matches(request) { best = (position, naming) }
        }
        return best.map { (statements[$0.position].origin, $0.naming) }
    }
}

/// The statements of one effect by the actions that they name.
private struct StatementIndex: Sendable {
    /// By the whole action, where it has no wildcards.
    private var exact: [String: [Int]] = [:]
    /// By the service, where the name has wildcards.
    private var byService: [String: [Int]] = [:]
    /// Of `*` and `NotAction`.
    private var others: [Int] = []

    init(_ statements: [CompiledStatement], _ effect: PolicyStatement.Effect) {
        for (position, statement) in statements.enumerated() where statement.effect == effect {
            if statement.excludesActions || statement.actions.contains(where: { $0.service == nil }) {
                others.append(position)
                continue
            }
            for action in statement.actions {
                if action.isLiteral {
                    Self.add(position, to: &exact[String(decoding: action.bytes, as: UTF8.self), default: []])
                } else {
                    Self.add(position, to: &byService[action.service ?? "", default: []])
                }
            }
        }
    }

    private static func add(_ position: Int, to list: inout [Int]) {
        if list.last != position { list.append(position) }
    }

    func forEachCandidate(_ request: AccessRequest, _ body: (Int) -> Void) {
        if !exact.isEmpty, let list = exact[request.actionKey] { for position in list { body(position) } }
        if !byService.isEmpty, let list = byService[request.service] { for position in list { body(position) } }
        for position in others { body(position) }
    }
}
