extension Evaluator {
    /// Gives the parameters their arguments for as long as the body is rendered.
    ///
    /// A parameter stands for the variable that it is given: what the body sets it to, that variable has afterwards.
    mutating func render(_ call: SyntaxNode.Call) throws(TemplateFailure) -> Flow {
        try charge(1 + call.parameters.count)
        var values: [Value] = []
        for parameter in call.parameters {
            guard let argument = parameter.argument else {
                values.append(.null)
                continue
            }
            values.append(try value(of: argument))
        }
        let before = call.parameters.map { variables[$0.variable] }
        for (parameter, value) in zip(call.parameters, values) { variables[parameter.variable] = value }
        place = call.place
        let flow = try render(program.blocks[call.block])
        let after = call.parameters.map { variables[$0.variable] }
        for (parameter, value) in zip(call.parameters, before) { variables[parameter.variable] = value }
        let assigned = program.assigned[call.block] ?? []
        for (parameter, value) in zip(call.parameters, after) where assigned.contains(parameter.variable) {
            guard case .reference(let reference)? = parameter.argument, reference.steps.isEmpty,
                case .variable(let given) = reference.root
            else { continue }
            variables[given] = value
        }
        return flow == .leave ? .goOn : flow
    }
}
