import Resources

/// The calls that carry out changes in a ``World``: neighbours inside one definition share a call, as an import does.
func worldSteps(for changes: [Change]) -> [Step] {
    var steps: [Step] = []
    var stepOf: [Address: Int] = [:]
    let definition: Set<ResourceKind> = [.resource, .method, .model]
    for change in changes where change.action != .forget && change.action != .adopt {
        let effect = Step.Effect(change.address, before: change.before, after: change.after)
        let needed = Set(change.dependencies.compactMap { stepOf[$0] })
        let isPart = definition.contains(change.address.kind) && change.action != .replace
        if isPart, let last = steps.last, last.operation == "import",
            last.effects[0].address.root == change.address.root,
            last.isReversible == change.isReversible
        {
            steps[last.number].effects.append(effect)
            steps[last.number].dependencies = Set(last.dependencies).union(needed).subtracting([last.number]).sorted()
            stepOf[change.address] = last.number
            continue
        }
        stepOf[change.address] = steps.count
        steps.append(
            Step(
                number: steps.count, operation: isPart ? "import" : change.action.rawValue, effects: [effect],
                dependencies: needed.sorted(), isReversible: change.isReversible))
    }
    return steps
}
