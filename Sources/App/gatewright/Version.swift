/// The version that `--version` prints and that migrations name.
enum Version {
    static let text = "0.1.0"
}
