import JSON

/// A parsed template: nothing of it is looked up by name again when it is rendered.
struct Program: Sendable {
    var nodes: [SyntaxNode]
    /// The names of the variables; a variable is its position here.
    var variables: [String]
    /// The bodies of `#define` and `#macro`.
    var blocks: [[SyntaxNode]]
    /// By block of a `#macro`: the variables that its body gives a value to.
    var assigned: [Int: Set<Int>]
}

/// A piece of a template.
indirect enum SyntaxNode: Sendable {
    case text([UInt8])
    case reference(Reference)
    case set(Reference, Expression)
    case branch([Arm], otherwise: [SyntaxNode])
    case loop(Loop)
    case define(variable: Int, block: Int)
    case call(Call)
    case leave
    case leaveLoop(Int)
    case stop

    struct Arm: Sendable {
        var condition: Expression
        var body: [SyntaxNode]
    }

    /// `#name($a "b")` of a macro.
    struct Call: Sendable {
        /// Each with its argument; nil where none is given.
        var parameters: [(variable: Int, argument: Expression?)]
        var block: Int
        var place: Place
    }

    struct Loop: Sendable {
        var variable: Int
        var list: Expression
        var body: [SyntaxNode]
    }
}

/// `$name.property.method(…)[index]`
struct Reference: Sendable {
    enum Root: Sendable {
        case variable(Int)
        /// `$foreach.count` and the like: of the loop so many levels up.
        case loop(parents: Int, LoopField)
    }

    enum Step: Sendable {
        case property(String)
        case index(Expression)
        case method(Method, [Expression])
        /// `$input.path('$.a')`: the path is parsed with the template.
        case path(JSONPath)
        /// `$input.json('$.a')`
        case json(JSONPath)
    }

    /// For the outermost loop, in place of its number of levels.
    static let topmost = Int.max

    var root: Root
    var steps: [Step]
    var place: Place
}

/// What a loop tells about itself.
enum LoopField: Sendable {
    case index, count, hasNext, first, last
}

/// What has a value.
indirect enum Expression: Sendable {
    enum Constant: Sendable {
        case null
        case bool(Bool)
        case int(Int)
        case double(Double)
        case string(String)
        /// A whole number of more than 64 bits.
        case number(JSONNumber)
    }

    case constant(Constant)
    /// A double-quoted string with references or directives in it.
    case template([SyntaxNode])
    case reference(Reference)
    /// The body of `#@name() … #end`.
    case block(Int)
    case list([Expression])
    case range(Expression, Expression, Place)
    case map([(name: Expression, value: Expression)])
    case not(Expression)
    case negative(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case comparison(Comparison, Expression, Expression)
    case arithmetic(Arithmetic, Expression, Expression)

    enum Comparison: Sendable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    }

    enum Arithmetic: Sendable {
        case add, subtract, multiply, divide, modulo
    }
}
