/// A pattern as it was read.
indirect enum PatternNode {
    case empty
    case instruction(Pattern.Instruction)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case group(Int, PatternNode)
    case look(isAhead: Bool, isWanted: Bool, PatternNode)
    case atomic(PatternNode)
    case loop(PatternNode, min: Int, max: Int?, isLazy: Bool)

    /// The text that is wanted, if there is nothing else.
    var literal: [UInt32]? {
        switch self {
        case .instruction(.scalar(let scalar, ignoresCase: false)): return [scalar]
        case .sequence(let nodes):
            var text: [UInt32] = []
            for node in nodes {
                guard case .instruction(.scalar(let scalar, ignoresCase: false)) = node else { return nil }
                text.append(scalar)
            }
            return text.isEmpty ? nil : text
        default: return nil
        }
    }
}
