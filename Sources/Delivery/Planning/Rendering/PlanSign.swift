import Resources

/// The mark at the start of a line.
enum PlanSign: String {
    case create = "+"
    case update = "~"
    case delete = "-"
    case replace = "±"
    case adopt = "="
    case forget = "?"
    case flip = ">"

    init(_ change: Change) {
        self =
            switch change.action {
            case .create: .create
            case .update: .update
            case .replace: .replace
            case .delete: .delete
            case .adopt: .adopt
            case .forget: .forget
            }
    }

    /// SGR parameters of a terminal.
    var colour: String {
        switch self {
        case .create: "32"
        case .update, .adopt: "33"
        case .delete, .forget: "31"
        case .replace: "35"
        case .flip: "36"
        }
    }
}
