/// Whether a value fits a model.
package enum Verdict: Sendable, Equatable {
    case fits
    /// What does not fit, at most ``ModelLimits`` of them, in the words that the service uses.
    case differs([String])
    /// Not told within the steps and the depth allowed; to be taken for a value that does not fit.
    case undecided
}
