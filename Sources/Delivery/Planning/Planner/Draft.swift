import Resources

/// A change before its place among the others is known.
struct Draft {
    var change: Change
    /// Everything that must exist for the object as it will be.
    var required: [Address] = []
    /// Everything that had to exist for the object as it was before.
    var requiredBefore: [Address] = []
    /// Of the changes of one object, counted from 0.
    var part = 0
    /// The change needs a segment of its own at the end: what it takes away does not come back.
    var isLast: Bool { !change.isReversible }
}
