import Testing

/// The built programs as a user runs them, checked against what the documentation promises.
///
/// One after the other: each test starts processes of its own, and a machine has few cores.
@Suite(.serialized) enum Acceptance {}
