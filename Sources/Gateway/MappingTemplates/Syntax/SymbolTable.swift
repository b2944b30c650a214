/// The variables and blocks of one template, its strings included. Used while one template is parsed, on one thread.
final class SymbolTable {
    private(set) var variables: [String] = []
    private var positions: [String: Int] = [:]
    var blocks: [[SyntaxNode]] = []
    /// Variables that `#set` was seen to give a value to, in the macro that is read.
    var assigned: Set<Int> = []
    /// By block: those of the macros.
    var assignedByMacro: [Int: Set<Int>] = [:]
    /// What `#macro` has named so far.
    var macros: [String: Macro] = [:]

    struct Macro {
        /// Variables that the arguments are given to, in order.
        var parameters: [Int]
        var block: Int
    }

    func variable(_ name: String) -> Int {
        if let position = positions[name] { return position }
        positions[name] = variables.count
        variables.append(name)
        return variables.count - 1
    }
}
