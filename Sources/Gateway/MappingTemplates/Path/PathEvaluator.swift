import JSON

/// One evaluation of a path.
struct PathEvaluator {
    private let root: JSONValue
    private let stepsMax: Int
    private(set) var time: TimeBudget
    private(set) var steps = 0
    private var nextLook = TimeBudget.stepsBetweenLooks

    init(root: JSONValue, stepsMax: Int, time: TimeBudget) {
        self.root = root
        self.stepsMax = stepsMax
        self.time = time
    }

    mutating func value(of path: JSONPath, on start: JSONValue) throws(TemplateFailure) -> JSONValue? {
        var found: [JSONValue] = []
        try walk(path.segments[...], start, &found)
        let value: JSONValue? = path.isDefinite ? found.first : .array(found)
        guard let function = path.function else { return value }
        guard let value else { return nil }
        try count((Self.length(value) ?? 0) / 8)
        return try apply(function, to: value, start)
    }

    mutating func count(_ more: Int = 1) throws(TemplateFailure) {
        steps += more
        guard steps <= stepsMax else {
            throw TemplateFailure(.tooMuchWork, "a path visits more than \(stepsMax) places", at: .start)
        }
        guard steps >= nextLook else { return }
        nextLook = steps + TimeBudget.stepsBetweenLooks
        try time.check(at: .start)
    }

    private mutating func walk(
        _ segments: ArraySlice<PathSegment>, _ value: JSONValue, _ found: inout [JSONValue]
    ) throws(TemplateFailure) {
        try count()
        guard let segment = segments.first else { return found.append(value) }
        let rest = segments.dropFirst()
        switch segment {
        case .names(let names): try walk(names: names, rest, value, &found)
        case .positions(let positions):
            guard case .array(let elements) = value else { return }
            for position in positions {
                let index = position < 0 ? position + elements.count : position
                if elements.indices.contains(index) { try walk(rest, elements[index], &found) }
            }
        case .slice(let from, let to):
            guard case .array(let elements) = value else { return }
            for index in Self.slice(from, to, elements.count) {
                let position = index < 0 ? index + elements.count : index
                if elements.indices.contains(position) { try walk(rest, elements[position], &found) }
            }
        case .all:
            for child in Self.children(value) { try walk(rest, child, &found) }
        case .descend: try descend(rest, value, &found)
        case .filter(let condition):
            switch value {
            case .array(let elements):
                for element in elements where try holds(condition, element) { try walk(rest, element, &found) }
            case .object: if try holds(condition, value) { try walk(rest, value, &found) }
            default: break
            }
        }
    }

    private mutating func walk(
        names: [String], _ rest: ArraySlice<PathSegment>, _ value: JSONValue, _ found: inout [JSONValue]
    ) throws(TemplateFailure) {
        guard case .object(let object) = value else { return }
        if names.count > 1, rest.isEmpty {
            // Several names at the end give one object with these members.
            var part = JSONObject()
            for name in names { if let member = object[name] { part[name] = member } }
            return found.append(.object(part))
        }
        for name in names { if let member = object[name] { try walk(rest, member, &found) } }
    }

    private mutating func descend(
        _ rest: ArraySlice<PathSegment>, _ value: JSONValue, _ found: inout [JSONValue]
    ) throws(TemplateFailure) {
        try count()
        switch value {
        case .array, .object: break
        default: return
        }
        if case .names(let names)? = rest.first, names.count > 1, rest.count == 1 {
            // Only what has all of them.
            if let object = value.object, names.allSatisfy(object.contains) { try walk(rest, value, &found) }
        } else if case .filter(let condition)? = rest.first {
            // Asked of each place itself: an element would else be found once more through its list.
            if try holds(condition, value) { try walk(rest.dropFirst(), value, &found) }
        } else {
            try walk(rest, value, &found)
        }
        for child in Self.children(value) { try descend(rest, child, &found) }
    }

    private static func children(_ value: JSONValue) -> [JSONValue] {
        switch value {
        case .array(let elements): elements
        case .object(let object): object.members.map(\.value)
        default: []
        }
    }

    /// Positions as the service takes them: with both ends given, one below zero counts each position from the end by
    /// itself, so that `[1:-1]` has none and `[-2:1]` has the last two and the first.
    private static func slice(_ from: Int?, _ to: Int?, _ count: Int) -> Range<Int> {
        guard let to else {
            let from = from ?? 0
            return min(max(from < 0 ? from + count : from, 0), count)..<count
        }
        let end = min(to, count)
        guard let from else { return 0..<max(to < 0 ? to + count : end, 0) }
        let start = max(from, -count)
        return start < end ? start..<end : 0..<0
    }

    // MARK: Filters

    private mutating func holds(_ condition: PathCondition, _ element: JSONValue) throws(TemplateFailure) -> Bool {
        try count()
        switch condition {
        case .and(let left, let right):
            guard try holds(left, element) else { return false }
            return try holds(right, element)
        case .or(let left, let right):
            if try holds(left, element) { return true }
            return try holds(right, element)
        case .not(let inner): return !(try holds(inner, element))
        case .exists(let operand):
            guard let value = try value(of: operand, element) else { return false }
            if case .path(let path, _) = operand, !path.isDefinite, path.function == nil { return value != .array([]) }
            return true
        case .comparison(let left, let comparison, let right):
            let left = try value(of: left, element)
            if case .pattern(let pattern) = right { return try matches(left, pattern) }
            let other = try value(of: right, element)
            try count(comparing: left, comparison, other)
            return Self.compare(left, comparison, other)
        }
    }

    mutating func value(of operand: PathOperand, _ element: JSONValue) throws(TemplateFailure) -> JSONValue? {
        switch operand {
        case .value(let value): return value
        case .pattern: return nil
        case .path(let path, let isRelative): return try value(of: path, on: isRelative ? element : root)
        }
    }

    private mutating func matches(_ value: JSONValue?, _ pattern: Pattern) throws(TemplateFailure) -> Bool {
        let text: String
        switch value {
        case .string(let string): text = string
        case .number(let number): text = number.text
        case .bool(let value): text = value ? "true" : "false"
        default: return false
        }
        try count(text.utf8.count / 16)
        var matcher = Matcher(
            pattern, text, stepsMax: max(stepsMax - steps, 0), bytesMax: text.utf8.count, time: time)
        let isMatch = try matcher.matchesAll()
        time = matcher.time
        try count(matcher.steps / 8)
        return isMatch
    }

    /// Values are compared whole, and lists with lists each with each: what that may cost is counted before.
    private mutating func count(
        comparing left: JSONValue?, _ comparison: PathCondition.Operator, _ right: JSONValue?
    ) throws(TemplateFailure) {
        guard let left, let right else { return }
        switch comparison {
        case .all, .anyof, .noneof, .subsetof:
            let (pairs, overflow) = Self.elements(left).count.multipliedReportingOverflow(
                by: max(Self.elements(right).count, 1))
            try count(overflow ? stepsMax : min(pairs, stepsMax))
        case .in, .nin: try count(Self.elements(right).count)
        case .contains:
            try count(
                Self.elements(left).count + ((left.string?.utf8.count ?? 0) + (right.string?.utf8.count ?? 0)) / 16)
        default: break
        }
        if Self.isLeaf(left) == Self.isLeaf(right) { try countValues(of: left) }
    }

    private static func isLeaf(_ value: JSONValue) -> Bool { value.array == nil && value.object == nil }

    private mutating func countValues(of value: JSONValue) throws(TemplateFailure) {
        switch value {
        case .string(let text): try count(1 + text.utf8.count / 64)
        case .number(let number): try count(1 + number.text.utf8.count / 8)
        default: try count()
        }
        for child in Self.children(value) { try countValues(of: child) }
    }

    private static func compare(
        _ left: JSONValue?, _ comparison: PathCondition.Operator, _ right: JSONValue?
    ) -> Bool {
        switch comparison {
        case .identical: left.map { left in right.map { left == $0 } ?? false } ?? false
        case .notIdentical: left.map { left in right.map { left != $0 } ?? true } ?? true
        case .equal: isSame(left, right)
        case .notEqual: !isSame(left, right)
        case .less: isOrdered(left, right, <)
        case .lessOrEqual: isOrdered(left, right, <=)
        case .greater: isOrdered(left, right, >)
        case .greaterOrEqual: isOrdered(left, right, >=)
        case .matches: false
        case .in: left.map { left in elements(right).contains { isSame(left, $0) } } ?? false
        case .nin: left.map { left in !elements(right).contains { isSame(left, $0) } } ?? true
        case .all: left?.array.map { left in elements(right).allSatisfy { left.contains($0) } } ?? false
        case .contains: contains(left, right)
        case .subsetof: left != nil && elements(left).allSatisfy { elements(right).contains($0) }
        case .anyof: elements(left).contains { elements(right).contains($0) }
        case .noneof: !elements(left).contains { elements(right).contains($0) }
        case .size:
            left.flatMap(Self.length) == (right?.int ?? right.flatMap(Self.length)) && left.flatMap(Self.length) != nil
        case .empty: left.flatMap(Self.length).map { ($0 == 0) == (right?.bool ?? true) } ?? false
        }
    }

    /// Numbers and texts are compared by what the left one is: a number with the text read as one, a text with the
    /// number as it is written.
    private static func isSame(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch (left, right) {
        case (nil, _), (_, nil): return false
        case (.number(let number)?, .string(let text)?):
            guard text.utf8.count <= 64, let parsed = Double(text), number.text.utf8.count <= 64 else { return false }
            return number.text == text || number.double == parsed
        case (.string(let text)?, .number(let number)?): return text.isExactly(number.text)
        default: return left == right
        }
    }

    private static func elements(_ value: JSONValue?) -> [JSONValue] { value?.array ?? [] }

    private static func contains(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let right else { return false }
        if case .string(let text)? = left, case .string(let wanted) = right {
            return Bytes.find(wanted, in: text) != nil
        }
        return elements(left).contains(right)
    }

    private static func isOrdered(
        _ left: JSONValue?, _ right: JSONValue?, _ order: (Double, Double) -> Bool
    ) -> Bool {
        switch (left, right) {
        case (.number(let left)?, .number(let right)?): return order(left.double, right.double)
        case (.string(let left)?, .string(let right)?):
            return order(Double(JavaText.compare(left, right)), 0)
        default: return false
        }
    }
}
