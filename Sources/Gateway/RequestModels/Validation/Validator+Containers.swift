import JSON

extension Validator {
    // MARK: Arrays

    mutating func meets(_ elements: [JSONValue], _ check: SchemaCheck) -> Bool? {
        switch check {
        case .elements(let schema):
            var isMet = true
            for element in elements {
                guard let fits = fits(element, schema) else { return nil }
                isMet = isMet && fits
            }
            return isMet
        case .tuple(let schemas, let rest): return meets(elements, schemas, rest)
        case .count(let least, let most):
            if elements.count < least {
                return miss(
                    "array is too short: must have at least \(least) elements but instance has \(elements.count) "
                        + "elements")
            }
            return elements.count <= most ?? .max
                || miss(
                    "array is too long: must have at most \(most ?? 0) elements but instance has \(elements.count) "
                        + "elements")
        case .unique:
            charge(.array(elements))
            guard steps > 0 else { return nil }
            return Set(elements).count == elements.count || miss("array must not contain duplicate elements")
        default: return true
        }
    }

    private mutating func meets(_ elements: [JSONValue], _ schemas: [Int], _ rest: SchemaCheck.Rest) -> Bool? {
        var isMet = true
        for (position, element) in elements.enumerated() {
            let schema: Int
            if position < schemas.count {
                schema = schemas[position]
            } else if case .schema(let number) = rest {
                schema = number
            } else {
                break
            }
            guard let fits = fits(element, schema) else { return nil }
            isMet = isMet && fits
        }
        if case .refused = rest, elements.count > schemas.count {
            return miss(
                "array instance has elements which are not allowed by the schema: at most \(schemas.count) are")
        }
        return isMet
    }

    // MARK: Objects

    mutating func meets(_ object: JSONObject, _ value: JSONValue, _ check: SchemaCheck) -> Bool? {
        switch check {
        case .members(let named, let patterns, let rest): return meets(object, named, patterns, rest)
        case .memberCount(let least, let most):
            if object.count < least {
                return miss(
                    "object has too few properties (found \(object.count) but schema requires at least \(least))")
            }
            return object.count <= most ?? .max
                || miss(
                    "object has too many properties (found \(object.count) but schema requires at most \(most ?? 0))")
        case .required(let names):
            steps -= names.count
            let missing = names.filter { !object.contains($0) }
            return missing.isEmpty || miss("object has missing required properties (\(Self.list(missing.sorted())))")
        case .needs(let name, let others):
            guard object.contains(name) else { return true }
            steps -= others.count
            let missing = others.filter { !object.contains($0) }
            return missing.isEmpty
                || miss(
                    "property \(Self.quoted(.string(name))) of object has missing property dependencies "
                        + "(schema requires \(Self.list(others)); missing: \(Self.list(missing)))")
        case .applies(let name, let schema): return object.contains(name) ? fits(value, schema) : true
        default: return true
        }
    }

    private mutating func meets(
        _ object: JSONObject, _ named: [ExactName: Int], _ patterns: [(TextPattern, Int)], _ rest: SchemaCheck.Rest
    ) -> Bool? {
        var isMet = true
        var refused: [String] = []
        for member in object.members {
            var isKnown = false
            steps -= 1
            charge(bytes: member.name.utf8.count)
            guard steps > 0 else { return nil }
            if let schema = named[ExactName(member.name)] {
                isKnown = true
                guard let fits = fits(member.value, schema) else { return nil }
                isMet = isMet && fits
            }
            for (pattern, schema) in patterns {
                guard let isFound = pattern.isFound(in: member.name, budget: &budget) else { return nil }
                guard isFound else { continue }
                isKnown = true
                guard let fits = fits(member.value, schema) else { return nil }
                isMet = isMet && fits
            }
            guard !isKnown else { continue }
            switch rest {
            case .free: break
            case .refused: refused.append(member.name)
            case .schema(let schema):
                guard let fits = fits(member.value, schema) else { return nil }
                isMet = isMet && fits
            }
        }
        guard !refused.isEmpty else { return isMet }
        return miss(
            "object instance has properties which are not allowed by the schema: "
                + Self.list(refused.prefix(ModelLimits.mismatchesMax).map(Self.cut)))
    }
}
