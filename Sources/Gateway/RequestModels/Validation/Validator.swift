package import JSON

extension ModelSchema {
    /// Holds a value against the model. Pure; safe to call from many threads at once.
    ///
    /// - Parameters:
    ///   - stepsMax: What may be spent; see ``ModelLimits/stepsMax``.
    ///   - millisecondsMax: How long it may take; see ``ModelLimits/millisecondsMax``.
    package func verdict(
        on value: JSONValue, stepsMax: Int = ModelLimits.stepsMax, millisecondsMax: Int = ModelLimits.millisecondsMax
    ) -> Verdict {
        var validator = Validator(schemas: schemas, steps: stepsMax, milliseconds: millisecondsMax)
        guard let fits = validator.fits(value, 0) else { return .undecided }
        return fits ? .fits : .differs(validator.mismatches)
    }

    /// Holds a body against the model; a body that is no JSON does not fit.
    package func verdict(onBody body: [UInt8], bytesMax: Int) -> Verdict {
        do {
            return verdict(on: try JSONValue(parsing: body, limits: JSONLimits(bytesMax: bytesMax)))
        } catch {
            return .differs(["the body is not JSON: \(error.message)"])
        }
    }
}

/// One validation. Its functions give nil when it cannot be told within the limits.
struct Validator {
    let schemas: [[SchemaCheck]]
    var budget: StepBudget
    var steps: Int {
        get { budget.steps }
        set { budget.steps = newValue }
    }
    private(set) var mismatches: [String] = []
    /// Above zero inside `anyOf` and its like, whose parts may differ without harm.
    private var quiet = 0
    private var depth = 0

    init(schemas: [[SchemaCheck]], steps: Int, milliseconds: Int) {
        self.schemas = schemas
        budget = StepBudget(steps: steps, milliseconds: milliseconds)
    }

    /// What it costs to read a value whole.
    mutating func charge(_ value: JSONValue) {
        steps -= 1
        switch value {
        case .null, .bool: break
        case .number(let number): charge(bytes: number.text.utf8.count)
        case .string(let text): charge(bytes: text.utf8.count)
        case .array(let elements): for element in elements where steps > 0 { charge(element) }
        case .object(let object):
            for member in object.members where steps > 0 {
                charge(bytes: member.name.utf8.count)
                charge(member.value)
            }
        }
    }

    mutating func charge(bytes: Int) { steps -= bytes / ModelLimits.bytesPerStep }

    mutating func fits(_ value: JSONValue, _ schema: Int) -> Bool? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ModelLimits.depthMax else { return nil }
        var fits = true
        for check in schemas[schema] {
            steps -= 1
            guard budget.spend(0), let isMet = meets(value, check) else { return nil }
            fits = fits && isMet
            // Told once is enough where nobody listens.
            if !fits, quiet > 0 { return false }
        }
        return fits
    }

    /// False, and a mismatch told where somebody listens.
    mutating func miss(_ message: @autoclosure () -> String) -> Bool {
        if quiet == 0, mismatches.count < ModelLimits.mismatchesMax { mismatches.append(message()) }
        return false
    }

    private mutating func meets(_ value: JSONValue, _ check: SchemaCheck) -> Bool? {
        switch check {
        case .reference(let target): return fits(value, target)
        case .types(let types):
            if case .number(let number) = value { charge(bytes: number.text.utf8.count) }
            let type = TypeSet(of: value)
            return types.allows(type)
                || miss(
                    "instance type (\(type.names[0])) does not match any allowed primitive type "
                        + "(allowed: \(Self.list(types.names)))")
        case .values(let values):
            // A long number is read anew for each of them.
            if case .number(let number) = value {
                steps -= values.count * (number.text.utf8.count / ModelLimits.bytesPerStep)
            }
            steps -= values.count
            guard steps > 0 else { return nil }
            return values.contains(value)
                || miss(
                    "instance value (\(Self.quoted(value))) not found in enum "
                        + "(possible values: \(Self.quoted(.array(values))))")
        case .all, .any, .one, .none: return meetsCombination(value, check)
        default: break
        }
        switch value {
        case .number(let number): return meets(number, check)
        case .string(let text): return meets(text, check)
        case .array(let elements): return meets(elements, check)
        case .object(let object): return meets(object, value, check)
        case .null, .bool: return true
        }
    }

    private mutating func meetsCombination(_ value: JSONValue, _ check: SchemaCheck) -> Bool? {
        switch check {
        case .all(let parts):
            guard let count = count(of: parts, that: value) else { return nil }
            return count == parts.count
                || miss("instance failed to match all required schemas (matched only \(count) out of \(parts.count))")
        case .any(let parts):
            guard let count = count(of: parts, that: value, isEnough: 1) else { return nil }
            return count > 0 || miss("instance failed to match at least one required schema among \(parts.count)")
        case .one(let parts):
            guard let count = count(of: parts, that: value) else { return nil }
            return count == 1
                || miss("instance failed to match exactly one schema (matched \(count) out of \(parts.count))")
        case .none(let part):
            guard let count = count(of: [part], that: value) else { return nil }
            return count == 0 || miss("instance matched a schema which it should not have")
        default: return true
        }
    }

    /// How many of the schemas the value fits, up to as many as are enough.
    private mutating func count(of parts: [Int], that value: JSONValue, isEnough: Int = .max) -> Int? {
        quiet += 1
        defer { quiet -= 1 }
        var count = 0
        for part in parts {
            guard let fits = fits(value, part) else { return nil }
            if fits { count += 1 }
            if count >= isEnough { break }
        }
        return count
    }

    // MARK: Numbers and texts

    private mutating func meets(_ number: JSONNumber, _ check: SchemaCheck) -> Bool? {
        charge(bytes: number.text.utf8.count)
        switch check {
        case .least(let bound, let isExclusive):
            let found = Decimal(number)
            if found < bound {
                return miss(
                    "numeric instance is lower than the required minimum (minimum: \(bound.text), found: \(Self.cut(number.text)))"
                )
            }
            return !isExclusive || bound < found
                || miss("numeric instance is not strictly greater than the required minimum \(bound.text)")
        case .most(let bound, let isExclusive):
            let found = Decimal(number)
            if bound < found {
                return miss(
                    "numeric instance is greater than the required maximum (maximum: \(bound.text), "
                        + "found: \(Self.cut(number.text)))")
            }
            return !isExclusive || found < bound
                || miss("numeric instance is not strictly lower than the required maximum \(bound.text)")
        case .multiple(let divisor):
            steps -= number.text.utf8.count
            return Decimal(number).isMultiple(of: divisor)
                || miss("remainder of division is not zero (\(Self.cut(number.text)) / \(divisor.text))")
        default: return true
        }
    }

    private mutating func meets(_ text: String, _ check: SchemaCheck) -> Bool? {
        switch check {
        case .length(let least, let most):
            charge(bytes: text.utf8.count)
            let count = text.unicodeScalars.count
            if count < least {
                return miss(
                    "string \(Self.quoted(.string(text))) is too short (length: \(count), required minimum: \(least))")
            }
            return count <= most ?? .max
                || miss(
                    "string \(Self.quoted(.string(text))) is too long (length: \(count), maximum allowed: \(most ?? 0))"
                )
        case .pattern(let pattern):
            guard let isFound = pattern.isFound(in: text, budget: &budget) else { return nil }
            return isFound
                || miss(
                    "ECMA 262 regex \(Self.quoted(.string(pattern.text))) does not match input string "
                        + Self.quoted(.string(text)))
        case .format(let format):
            charge(bytes: text.utf8.count)
            return format.fits(text) || miss("string \(Self.quoted(.string(text))) \(format.complaint)")
        default: return true
        }
    }

    static func list(_ names: [String]) -> String { JSONValue.array(names.map(JSONValue.string)).text(.compact) }

    /// What a body wrote, as long as a message should be.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > ModelLimits.quotedCharactersMax else { return text }
        let scalars = text.unicodeScalars
        let start = scalars.prefix(ModelLimits.quotedCharactersMax)
        return start.endIndex == scalars.endIndex ? text : String(start) + "..."
    }

    static func quoted(_ value: JSONValue) -> String {
        var left = ModelLimits.quotedCharactersMax + 1
        let text = beginning(of: value, &left).text(.compact).unicodeScalars
        let start = text.prefix(ModelLimits.quotedCharactersMax)
        return start.endIndex == text.endIndex ? String(text) : String(start) + "..."
    }

    /// As much of a value as prints so many characters: what a message quotes of 10 MB is not written out whole.
    private static func beginning(of value: JSONValue, _ left: inout Int) -> JSONValue {
        left -= 1
        switch value {
        case .null, .bool: return value
        case .number(let number):
            let digits = String(number.text.prefix(ModelLimits.quotedCharactersMax + 1))
            return .number(JSONNumber(text: digits))
        case .string(let text):
            return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(left, 0) + 1))))
        case .array(let elements):
            var kept: [JSONValue] = []
            for element in elements where left > 0 { kept.append(beginning(of: element, &left)) }
            return .array(kept)
        case .object(let object):
            var kept = JSONObject()
            for member in object.members {
                guard left > 0 else { break }
                let name = String(String.UnicodeScalarView(member.name.unicodeScalars.prefix(left + 1)))
                kept[name] = beginning(of: member.value, &left)
            }
            return .object(kept)
        }
    }
}
