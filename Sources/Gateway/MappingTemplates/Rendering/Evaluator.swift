import JSON

/// One rendering of a template.
struct Evaluator {
    struct Loop {
        var index: Int
        var count: Int
    }

    let program: Program
    let input: TemplateInput
    let limits: TemplateLimits

    var variables: [Value]
    var output: [UInt8] = []
    /// The loops around the current position, the innermost last.
    var loops: [Loop] = []
    /// Where the template is, for failures.
    var place = Place.start

    /// `#stop` was met.
    private var isStopped = false
    private var steps = 0
    /// Steps at which the clock is looked at next.
    private var nextLook = TimeBudget.stepsBetweenLooks
    var time: TimeBudget
    /// Blocks and expressions around the current one, those of `#define` included.
    private var depth = 0
    private var blockDepth = 0
    private var body: JSONValue?
    private var context: MapValue?
    /// Lists and maps that were put into others: taken apart at the end, for one may contain itself.
    private var nested: [Value] = []

    init(program: Program, input: TemplateInput, limits: TemplateLimits) {
        self.program = program
        self.input = input
        self.limits = limits
        time = TimeBudget(milliseconds: limits.millisecondsMax)
        variables = Array(repeating: .null, count: program.variables.count)
        for (position, name) in program.variables.enumerated() {
            switch name {
            case "input": variables[position] = .input
            case "util": variables[position] = .util
            case "context":
                let map = MapValue(json: input.context, role: .context)
                context = map
                variables[position] = .map(map)
            case "stageVariables":
                let map = MapValue()
                for (name, value) in input.stageVariables.sorted(by: { $0.key < $1.key }) {
                    map.set(name, .string(value))
                }
                variables[position] = .map(map)
            default: break
            }
        }
    }

    consuming func run() throws(TemplateFailure) -> TemplateOutput {
        var evaluator = self
        do throws(TemplateFailure) {
            _ = try evaluator.render(evaluator.program.nodes)
            let context = try evaluator.contextAfter()
            evaluator.takeApart()
            return TemplateOutput(text: String(decoding: evaluator.output, as: UTF8.self), context: context)
        } catch {
            evaluator.takeApart()
            throw error
        }
    }

    private mutating func contextAfter() throws(TemplateFailure) -> JSONObject {
        guard let context, context.untouched == nil else { return input.context }
        guard case .object(let object) = try json(of: .map(context), depth: 0) else { return input.context }
        return object
    }

    private func takeApart() {
        for value in nested {
            switch value {
            case .list(let list): list.elements = []
            case .map(let map): map.removeAll()
            default: break
            }
        }
    }

    // MARK: Directives

    enum Flow: Equatable {
        case goOn
        /// `#break`: leaves the nearest loop, macro or template.
        case leave
        /// `#break($foreach.parent)`: leaves the loop so many levels up.
        case leaveLoop(Int)
        case stop
    }

    mutating func render(_ nodes: [SyntaxNode]) throws(TemplateFailure) -> Flow {
        try enter()
        defer { leave() }
        for node in nodes {
            try charge(1)
            switch node {
            case .text(let bytes):
                output.append(contentsOf: bytes)
                try chargeOutput(bytes.count)
            case .reference(let reference):
                let value = try value(of: reference)
                place = reference.place
                try write(value)
            case .set(let target, let expression):
                let value = try value(of: expression)
                place = target.place
                try assign(value, to: target)
            case .branch(let arms, let otherwise):
                let flow = try render(arms, otherwise: otherwise)
                if flow != .goOn { return flow }
            case .loop(let loop):
                let flow = try render(loop)
                if flow != .goOn { return flow }
            case .define(let variable, let block): variables[variable] = .block(block)
            case .call(let call):
                let flow = try render(call)
                if flow != .goOn { return flow }
            case .leave: return .leave
            case .leaveLoop(let levels): return .leaveLoop(levels)
            case .stop: isStopped = true
            }
            // Also where a text or a block that was printed stops it.
            if isStopped { return .stop }
        }
        return .goOn
    }

    private mutating func render(
        _ arms: [SyntaxNode.Arm], otherwise: [SyntaxNode]
    ) throws(TemplateFailure) -> Flow {
        for arm in arms where try value(of: arm.condition).isTrue { return try render(arm.body) }
        return try render(otherwise)
    }

    private mutating func render(_ loop: SyntaxNode.Loop) throws(TemplateFailure) -> Flow {
        let elements: [Value]
        switch try value(of: loop.list) {
        case .list(let list): elements = list.elements
        case .map(let map):
            try charge(1 + map.count / 8)
            elements = map.members.map(\.value)
        default: return .goOn
        }
        let before = variables[loop.variable]
        defer { variables[loop.variable] = before }
        loops.append(Loop(index: 0, count: elements.count))
        defer { loops.removeLast() }
        // LIMIT: the service ends a loop there without a word.
        for (index, element) in elements.prefix(limits.loopTurnsMax).enumerated() {
            try charge(1)
            loops[loops.count - 1].index = index
            variables[loop.variable] = element
            switch try render(loop.body) {
            case .goOn: break
            case .leave: return .goOn
            case .leaveLoop(let levels): return levels == 0 || loops.count == 1 ? .goOn : .leaveLoop(levels - 1)
            case .stop: return .stop
            }
        }
        return .goOn
    }

    private mutating func assign(_ value: Value, to target: Reference) throws(TemplateFailure) {
        guard case .variable(let variable) = target.root else { return }
        guard let last = target.steps.last else {
            variables[variable] = value
            return
        }
        var owner = variables[variable]
        for step in target.steps.dropLast() { owner = try apply(step, to: owner) }
        switch (owner, last) {
        case (.map(let map), .property(let name)): try put(value, as: name, into: map)
        case (.map(let map), .index(let index)):
            try put(value, as: try text(of: try self.value(of: index)), into: map)
        case (.list(let list), .index(let index)):
            try set(value, at: try position(try self.value(of: index)), of: list)
        default: break
        }
    }

    // MARK: Output

    mutating func write(_ value: Value) throws(TemplateFailure) {
        switch value {
        case .null: return
        case .string(let text):
            output.append(contentsOf: text.utf8)
            try chargeOutput(text.utf8.count)
        case .number(let number):
            output.append(contentsOf: number.text.utf8)
            try chargeOutput(number.text.utf8.count)
        case .block(let block): try writeBlock(block)
        default:
            let bytes = try printed(value)
            output.append(contentsOf: bytes)
            try chargeOutput(bytes.count)
        }
    }

    private mutating func writeBlock(_ block: Int) throws(TemplateFailure) {
        guard blockDepth < TemplateLimits.blockDepthMax else {
            throw TemplateFailure(
                .tooDeep, "`#define` blocks print each other more than \(TemplateLimits.blockDepthMax) deep", at: place)
        }
        blockDepth += 1
        _ = try render(program.blocks[block])
        blockDepth -= 1
    }

    func printed(_ value: Value) throws(TemplateFailure) -> [UInt8] {
        var printer = Printer(bytesMax: limits.outputBytesMax, at: place)
        try printer.print(value)
        return printer.bytes
    }

    /// Copying costs too, also where what is made is dropped again.
    private mutating func chargeOutput(_ bytes: Int) throws(TemplateFailure) {
        try charge(bytes / Self.bytesPerStep)
        guard output.count <= limits.outputBytesMax else {
            throw TemplateFailure(
                .outputTooLarge, "the text grows past \(limits.outputBytesMax) bytes", at: place)
        }
    }

    /// The text that nodes give, apart from the output.
    mutating func text(of nodes: [SyntaxNode]) throws(TemplateFailure) -> String {
        var outer: [UInt8] = []
        swap(&outer, &output)
        _ = try render(nodes)
        swap(&outer, &output)
        return String(decoding: outer, as: UTF8.self)
    }

    /// What the value prints.
    mutating func text(of value: Value) throws(TemplateFailure) -> String {
        switch value {
        case .null: return ""
        case .string(let text):
            try charge(text.utf8.count / Self.bytesPerStep)
            return text
        case .number(let number):
            try charge(number.text.utf8.count / Self.bytesPerStep)
            return number.text
        case .int(let value): return String(value)
        case .block(let block):
            var outer: [UInt8] = []
            swap(&outer, &output)
            try writeBlock(block)
            swap(&outer, &output)
            return String(decoding: outer, as: UTF8.self)
        default:
            let bytes = try printed(value)
            try charge(1 + bytes.count / 64)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    // MARK: Budgets

    /// Bytes that are copied or compared for the price of one directive.
    static let bytesPerStep = 64

    mutating func enter() throws(TemplateFailure) {
        depth += 1
        guard depth <= TemplateLimits.renderingDepthMax else {
            throw TemplateFailure(
                .tooDeep, "more than \(TemplateLimits.renderingDepthMax) blocks are rendered in each other", at: place)
        }
    }

    mutating func leave() { depth -= 1 }

    mutating func charge(_ count: Int) throws(TemplateFailure) {
        steps += count
        guard steps <= limits.stepsMax else {
            throw TemplateFailure(
                .tooMuchWork, "the template did not end within \(limits.stepsMax) steps", at: place)
        }
        guard steps >= nextLook else { return }
        nextLook = steps + TimeBudget.stepsBetweenLooks
        try time.check(at: place)
    }

    /// Steps that are left.
    var stepsLeft: Int { max(limits.stepsMax - steps, 0) }

    func bounded(_ text: String) throws(TemplateFailure) -> String {
        guard text.utf8.count <= limits.outputBytesMax else {
            throw TemplateFailure(
                .outputTooLarge, "a text grows past \(limits.outputBytesMax) bytes", at: place)
        }
        return text
    }

    mutating func note(nested owner: Value, holding value: Value) {
        if value.isContainer { nested.append(owner) }
    }

    /// A value that was made of others.
    mutating func noted(_ owner: Value, holding values: [Value]) -> Value {
        if values.contains(where: \.isContainer) { nested.append(owner) }
        return owner
    }

    // MARK: Payload

    /// The payload as JSON, parsed once.
    mutating func bodyJSON() throws(TemplateFailure) -> JSONValue {
        if let body { return body }
        guard let text = input.body else {
            body = .object([:])
            return .object([:])
        }
        let parsed = try json(parsing: text, what: "the payload")
        body = parsed
        return parsed
    }

    mutating func json(parsing text: String, what: String) throws(TemplateFailure) -> JSONValue {
        try charge(1 + text.utf8.count / 64)
        do throws(JSONFailure) {
            let parseLimits = JSONLimits(
                bytesMax: limits.outputBytesMax, depthMax: TemplateLimits.valueDepthMax)
            return try JSONValue(parsing: text, limits: parseLimits)
        } catch { throw TemplateFailure(.bodyNotJSON, "\(what) is not JSON", at: place, cause: error) }
    }

    /// A value as JSON; maps of overrides that got nothing are left out.
    mutating func json(of value: Value, depth: Int) throws(TemplateFailure) -> JSONValue {
        try charge(1)
        guard depth <= TemplateLimits.valueDepthMax else {
            throw TemplateFailure(.tooDeep, "`$context` holds a list or map that contains itself", at: place)
        }
        switch value {
        case .null, .block, .input, .util: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .number(JSONNumber(value))
        case .double(let value): return value.isFinite ? .number(JSONNumber(value)) : .null
        case .number(let number): return .number(number)
        case .string(let text): return .string(text)
        case .entry(let entry): return .object(JSONObject([(entry.name, try json(of: entry.value, depth: depth + 1))]))
        case .list(let list):
            if let json = list.untouched { return .array(json) }
            var elements: [JSONValue] = []
            for element in list.elements { elements.append(try json(of: element, depth: depth + 1)) }
            return .array(elements)
        case .map(let map):
            if let json = map.untouched { return .object(json) }
            var object = JSONObject()
            for member in map.members {
                let value = try json(of: member.value, depth: depth + 1)
                if case .map(let child) = member.value, child.isOverride, value == .object([:]) { continue }
                object[member.name] = value
            }
            return .object(object)
        }
    }
}
