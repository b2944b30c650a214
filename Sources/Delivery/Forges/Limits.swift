/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Bytes of one webhook's body; a forge sends up to 25 MB for a push of thousands of commits, of which none is read.
    static let webhookBytesMax = 2 << 20
    /// Deliveries that are remembered, so that one is not taken twice.
    static let deliveriesKept = 2_048
    /// Characters of a delivery id; a longer one is no id.
    static let deliveryIDCharactersMax = 200
    /// Messages that wait to be sent; then the oldest is dropped.
    static let messagesMax = 1_000
    /// Times that one message is sent before it is given up.
    static let attemptsMax = 12
    /// First pause after a message that was not taken; doubled each time.
    static let pauseFirst = Duration.seconds(2)
    static let pauseMax = Duration.seconds(600)
    /// Characters of a commit status's description: what GitHub takes; GitLab and Gitea take 255.
    static let descriptionCharactersMax = 140
    /// Characters of a Slack text block; Slack takes 3,000.
    static let slackCharactersMax = 2_900
    /// Problems that are remembered as told.
    static let problemsKept = 4_096
    /// Before a problem that has not changed is told again.
    static let reminder = Duration.seconds(6 * 3600)
}
