/// A mapping template, parsed once and rendered per request.
package struct MappingTemplate: Sendable {
    let program: Program

    /// - Throws: `template.syntax`, `template.unsupported-directive`, `template.unknown-method`, `template.too-large`,
    ///   `template.too-deep`, and for literal paths `template.bad-path`; each with line and column.
    package init(parsing text: String) throws(TemplateFailure) {
        program = try Parser.parse(text)
    }

    /// Writes the template's text for one request or response.
    ///
    /// Pure: the same input gives the same output; safe to call from many threads at once.
    /// - Throws: `template.body-not-json` (the caller's fault: the service answers 400), else what only another template
    ///   can cure.
    package func render(
        _ input: TemplateInput, limits: TemplateLimits = .standard
    ) throws(TemplateFailure) -> TemplateOutput {
        let evaluator = Evaluator(program: program, input: input, limits: limits)
        return try evaluator.run()
    }
}
