import Seeds

/// How bad a run is: each fault with its chance in 10,000 at each place where it may happen. All but zero in a run that is
/// only unlucky once or twice; the seed decides.
struct Weather {
    /// Calls of the target.
    var refused = 0
    var throttled = 0
    var conflict = 0
    var unreachable = 0
    var lostTaken = 0
    var lostNotTaken = 0
    var slow = 0
    /// The target says yes to an undo and does nothing.
    var undoLies = 0
    /// Appends to the journal.
    var diskFull = 0
    var crashBeforeAppend = 0
    var crashAfterAppend = 0
    /// Between any two jobs of a process.
    var crash = 0
    var suspend = 0
    var clockJump = 0
    /// At each look at the ref.
    var stop = 0
    var meddle = 0
    /// Leases end by their time alone, as between controllers that share a database; else with the process.
    var leasesExpire = false
    /// A mistake planted to see that it is noticed.
    var leasesLie = false

    static let calm = Weather()

    static func random(_ generator: inout SeededGenerator) -> Weather {
        var weather = Weather()
        let kinds: [WritableKeyPath<Weather, Int>] = [
            \.refused, \.throttled, \.conflict, \.unreachable, \.lostTaken, \.lostNotTaken, \.slow, \.undoLies,
            \.diskFull, \.crashBeforeAppend, \.crashAfterAppend, \.stop, \.meddle,
        ]
        for kind in kinds where generator.chance(35) { weather[keyPath: kind] = 50 + generator.below(1_200) }
        let rare: [WritableKeyPath<Weather, Int>] = [\.crash, \.suspend, \.clockJump]
        for kind in rare where generator.chance(40) { weather[keyPath: kind] = 2 + generator.below(60) }
        weather.leasesExpire = generator.chance(50)
        return weather
    }
}
