import JSON

extension Evaluator {
    mutating func value(of expression: Expression) throws(TemplateFailure) -> Value {
        try charge(1)
        if case .constant(let constant) = expression { return Value(constant) }
        try enter()
        defer { leave() }
        switch expression {
        case .constant(let constant): return Value(constant)
        case .template(let nodes): return .string(try text(of: nodes))
        case .reference(let reference): return try value(of: reference)
        case .block(let block): return .block(block)
        case .list(let elements):
            var values: [Value] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try value(of: element)) }
            return noted(.list(ListValue(values)), holding: values)
        case .range(let first, let last, let place): return try range(first, last, place)
        case .map(let members):
            let map = MapValue()
            for member in members {
                let name = try text(of: try value(of: member.name))
                let value = try value(of: member.value)
                note(nested: .map(map), holding: value)
                map.set(name, value)
            }
            return .map(map)
        case .not(let operand): return .bool(!(try value(of: operand).isTrue))
        case .negative(let operand):
            let value = try value(of: operand)
            try chargeDigits(of: value)
            return negative(value)
        case .and, .or: return .bool(try isTrue(chain: expression))
        case .comparison(let comparison, let left, let right):
            let left = try value(of: left)
            return .bool(try compare(left, comparison, try value(of: right)))
        case .arithmetic: return try result(chain: expression)
        }
    }

    /// `a && b && c` from left to right; a chain is no nesting.
    private mutating func isTrue(chain expression: Expression) throws(TemplateFailure) -> Bool {
        var rights: [(isAnd: Bool, operand: Expression)] = []
        var first = expression
        while true {
            if case .and(let left, let right) = first {
                rights.append((true, right))
                first = left
            } else if case .or(let left, let right) = first {
                rights.append((false, right))
                first = left
            } else {
                break
            }
        }
        var result = try value(of: first).isTrue
        for right in rights.reversed() where result == right.isAnd { result = try value(of: right.operand).isTrue }
        return result
    }

    /// `a + b - c` from left to right.
    private mutating func result(chain expression: Expression) throws(TemplateFailure) -> Value {
        var rights: [(arithmetic: Expression.Arithmetic, operand: Expression)] = []
        var first = expression
        while case .arithmetic(let arithmetic, let left, let right) = first {
            rights.append((arithmetic, right))
            first = left
        }
        var result = try value(of: first)
        for right in rights.reversed() {
            result = try calculate(result, right.arithmetic, try value(of: right.operand))
        }
        return result
    }

    private mutating func range(
        _ first: Expression, _ last: Expression, _ place: Place
    ) throws(TemplateFailure) -> Value {
        guard let first = try value(of: first).int, let last = try value(of: last).int else { return .null }
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow, distance.magnitude < UInt(limits.elementsMax) else {
            throw TemplateFailure(
                .tooMuchWork, "the range `\(first)..\(last)` has more than \(limits.elementsMax) elements", at: place)
        }
        try charge(Int(distance.magnitude))
        let step = distance < 0 ? -1 : 1
        return .list(ListValue(stride(from: first, through: last, by: step).map(Value.int)))
    }

    private func negative(_ value: Value) -> Value {
        if let int = value.int {
            let (result, overflow) = (0).subtractingReportingOverflow(int)
            return overflow ? .number(JSONNumber(text: String(-Int128(int)))) : .int(result)
        }
        if let wide = value.wide, wide != .min { return .number(JSONNumber(text: String(-wide))) }
        return value.double.map { .double(-$0) } ?? .null
    }

    // MARK: Comparison

    private mutating func compare(
        _ left: Value, _ comparison: Expression.Comparison, _ right: Value
    ) throws(TemplateFailure) -> Bool {
        switch comparison {
        case .equal: return try isEqual(left, right)
        case .notEqual: return !(try isEqual(left, right))
        case .less, .lessOrEqual, .greater, .greaterOrEqual: break
        }
        try chargeDigits(of: left)
        try chargeDigits(of: right)
        if let left = left.int, let right = right.int { return Self.isOrdered(left, comparison, right) }
        guard let left = left.double, let right = right.double else { return false }
        return Self.isOrdered(left, comparison, right)
    }

    private static func isOrdered<Number: Comparable>(
        _ left: Number, _ comparison: Expression.Comparison, _ right: Number
    ) -> Bool {
        switch comparison {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        case .equal, .notEqual: false
        }
    }

    /// `==`: what is not there equals empty text, so does an empty list; different kinds are compared as text.
    private mutating func isEqual(_ left: Value, _ right: Value) throws(TemplateFailure) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.null, .string(let text)), (.string(let text), .null): return text.isEmpty
        case (.null, _), (_, .null): return false
        case (.list(let list), .string(let text)), (.string(let text), .list(let list)):
            if list.count == 0, text.isEmpty { return true }
            return try self.text(of: .list(list)) == text
        default: break
        }
        if let same = try areAlike(left, right, depth: 0) { return same }
        return try text(of: left).isExactly(try text(of: right))
    }

    /// Reading a long number costs with its digits.
    private mutating func chargeDigits(of value: Value) throws(TemplateFailure) {
        if case .number(let number) = value, number.text.utf8.count > 40 { try charge(number.text.utf8.count) }
    }

    /// `equals`: values of different kinds are never equal.
    mutating func isAlike(_ left: Value, _ right: Value) throws(TemplateFailure) -> Bool {
        try areAlike(left, right, depth: 0) ?? false
    }

    /// Nil for values of different kinds.
    private mutating func areAlike(_ left: Value, _ right: Value, depth: Int) throws(TemplateFailure) -> Bool? {
        try charge(1)
        guard depth <= TemplateLimits.valueDepthMax else {
            throw TemplateFailure(.tooDeep, "a list or map that is compared contains itself", at: place)
        }
        try chargeDigits(of: left)
        try chargeDigits(of: right)
        if let left = left.int, let right = right.int { return left == right }
        if let left = left.double, let right = right.double { return left == right }
        switch (left, right) {
        case (.null, .null), (.input, .input), (.util, .util): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)):
            try charge(min(left.utf8.count, right.utf8.count) / Self.bytesPerStep)
            return left.isExactly(right)
        case (.block(let left), .block(let right)): return left == right
        case (.entry(let left), .entry(let right)):
            guard left.name.isExactly(right.name) else { return false }
            return try areAlike(left.value, right.value, depth: depth + 1) ?? false
        case (.list(let left), .list(let right)):
            if left === right { return true }
            guard left.count == right.count else { return false }
            let (left, right) = (left.elements, right.elements)
            for position in left.indices {
                guard try areAlike(left[position], right[position], depth: depth + 1) == true else { return false }
            }
            return true
        case (.map(let left), .map(let right)):
            if left === right { return true }
            guard left.count == right.count else { return false }
            for member in left.members {
                guard let other = right[member.name],
                    try areAlike(member.value, other, depth: depth + 1) == true
                else { return false }
            }
            return true
        default: return nil
        }
    }

    // MARK: Arithmetic

    private mutating func calculate(
        _ left: Value, _ arithmetic: Expression.Arithmetic, _ right: Value
    ) throws(TemplateFailure) -> Value {
        try chargeDigits(of: left)
        try chargeDigits(of: right)
        if let left = left.int, let right = right.int {
            if let result = Self.whole(left, arithmetic, right) { return result }
        }
        if let left = left.wide, let right = right.wide {
            if let result = Self.wide(left, arithmetic, right) { return result }
        }
        if let left = left.double, let right = right.double { return Self.fraction(left, arithmetic, right) }
        guard arithmetic == .add else { return .null }
        switch (left, right) {
        case (.string, _), (_, .string):
            let text = try text(of: left) + text(of: right)
            try charge(1 + text.utf8.count / 64)
            return .string(try bounded(text))
        default: return .null
        }
    }

    /// Nil where 64 bits are too few: the caller goes on with more.
    private static func whole(_ left: Int, _ arithmetic: Expression.Arithmetic, _ right: Int) -> Value? {
        calculated(left, arithmetic, right).map { $0.map(Value.int) ?? .null }
    }

    /// Nil where 128 bits are too few: the caller goes on with fractions.
    private static func wide(_ left: Int128, _ arithmetic: Expression.Arithmetic, _ right: Int128) -> Value? {
        calculated(left, arithmetic, right).map { result in
            guard let result else { return .null }
            return Int(exactly: result).map(Value.int) ?? .number(JSONNumber(text: String(result)))
        }
    }

    /// Nil for an overflow; nothing inside for a division by zero.
    private static func calculated<Number: FixedWidthInteger>(
        _ left: Number, _ arithmetic: Expression.Arithmetic, _ right: Number
    ) -> Number?? {
        let (result, overflow): (Number, Bool)
        switch arithmetic {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0 else { return .some(nil) }
            (result, overflow) = left.dividedReportingOverflow(by: right)
        case .modulo:
            guard right != 0 else { return .some(nil) }
            (result, overflow) = left.remainderReportingOverflow(dividingBy: right)
        }
        return overflow ? nil : .some(result)
    }

    private static func fraction(_ left: Double, _ arithmetic: Expression.Arithmetic, _ right: Double) -> Value {
        switch arithmetic {
        case .add: .double(left + right)
        case .subtract: .double(left - right)
        case .multiply: .double(left * right)
        case .divide: right == 0 ? .null : .double(left / right)
        case .modulo: right == 0 ? .null : .double(left.truncatingRemainder(dividingBy: right))
        }
    }
}
