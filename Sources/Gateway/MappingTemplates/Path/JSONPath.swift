package import JSON

/// A JSONPath in the Jayway dialect, the one that the service speaks.
package struct JSONPath: Sendable {
    let segments: [PathSegment]
    let function: PathFunction?
    /// True if it names one place: no `..`, `*`, slice, list of positions or filter.
    let isDefinite: Bool

    /// `$.a.b`, `$['a'][0]`, `$..name`, `$.list[?(@.price < 10)]`, `$.list.length()`; a leading `$.` may be left out.
    ///
    /// - Throws: `template.bad-path`, `template.too-large`, `template.too-deep`, or `template.bad-pattern` for a `=~`;
    ///   line 1 and the column in the path.
    package init(parsing text: String) throws(TemplateFailure) {
        guard text.utf8.count <= TemplateLimits.expressionBytesMax else {
            throw TemplateFailure(
                .tooLarge, "a path has more than \(TemplateLimits.expressionBytesMax) bytes", at: .start)
        }
        var parser = PathParser(text)
        self = try parser.wholePath()
    }

    init(segments: [PathSegment], function: PathFunction?) {
        self.segments = segments
        self.function = function
        isDefinite = segments.enumerated().allSatisfy { position, segment in
            switch segment {
            case .names(let names): names.count == 1 || position == segments.count - 1
            case .positions(let positions): positions.count == 1
            case .slice, .all, .descend, .filter: false
            }
        }
    }

    /// What the path names; nil if it names one place and the value has no such place. A path that may name many
    /// places (`..`, `*`, slices, filters) gives a list, which may be empty.
    ///
    /// - Throws: `template.too-much-work` or `template.pattern-too-slow`.
    package func evaluate(on value: JSONValue) throws(TemplateFailure) -> JSONValue? {
        if segments.isEmpty, function == nil { return value }
        let time = TimeBudget(milliseconds: TemplateLimits.standard.millisecondsMax)
        var evaluator = PathEvaluator(root: value, stepsMax: TemplateLimits.pathStepsMax, time: time)
        return try evaluator.value(of: self, on: value)
    }
}

/// One step of a path.
indirect enum PathSegment: Sendable {
    /// `.a`, `['a', 'b']`
    case names([String])
    /// `[0]`, `[-1, 0]`; below zero counts from the end
    case positions([Int])
    /// `[1:3]`, `[-2:]`
    case slice(from: Int?, to: Int?)
    /// `*`
    case all
    /// `..`: the value itself and all below it
    case descend
    /// `[?(…)]`
    case filter(PathCondition)
}

/// `.length()` and the like, at the end of a path.
struct PathFunction: Sendable {
    enum Name: String, Sendable {
        case append, avg, concat, first, index, keys, last, length, max, min, size, stddev, sum
    }

    var name: Name
    var arguments: [PathOperand]
}

/// What a filter asks of an element.
indirect enum PathCondition: Sendable {
    enum Operator: String, Sendable, CaseIterable {
        // What begins with another one comes before it.
        case identical = "===", notIdentical = "!==", equal = "==", notEqual = "!=", lessOrEqual = "<="
        case greaterOrEqual = ">=", matches = "=~", less = "<", greater = ">"
        case all, anyof, contains, empty, `in`, nin, noneof, size, subsetof
    }

    case and(PathCondition, PathCondition)
    case or(PathCondition, PathCondition)
    case not(PathCondition)
    /// The path gives something.
    case exists(PathOperand)
    case comparison(PathOperand, Operator, PathOperand)
}

enum PathOperand: Sendable {
    case value(JSONValue)
    case pattern(Pattern)
    /// `@.a` if relative, `$.a` otherwise
    case path(JSONPath, isRelative: Bool)
}
