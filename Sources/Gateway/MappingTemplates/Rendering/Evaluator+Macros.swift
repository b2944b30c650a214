extension Evaluator {
    /// Gives the parameters their arguments for as long as the body is rendered.
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
        for (parameter, value) in zip(call.parameters, before) { variables[parameter.variable] = value }
        return flow == .stop ? .stop : .goOn
    }
}
