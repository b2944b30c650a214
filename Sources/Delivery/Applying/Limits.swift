/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {}
