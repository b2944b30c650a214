package import JSON

/// A JSONPath in the Jayway dialect, the one that the service speaks.
package struct JSONPath: Sendable {
    /// `$.a.b`, `$['a'][0]`, `$..name`, `$.list[?(@.price < 10)]`, `$.list.length()`; a leading `$.` may be left out.
    ///
    /// - Throws: `template.bad-path` or `template.too-large`; line 1 and the column in the path.
    package init(parsing text: String) throws(TemplateFailure) {
        guard text.utf8.count <= TemplateLimits.expressionBytesMax else {
            throw TemplateFailure(.tooLarge, "the path is too long", at: .start)
        }
    }

    /// What the path names; nil if it names one place and the value has no such place. A path that may name many
    /// places (`..`, `*`, slices, filters) gives a list, which may be empty.
    ///
    /// - Throws: `template.too-much-work` or `template.pattern-too-slow`.
    package func evaluate(on value: JSONValue) throws(TemplateFailure) -> JSONValue? {
        throw TemplateFailure(.badPath, "paths are not evaluated yet", at: .start)
    }
}
