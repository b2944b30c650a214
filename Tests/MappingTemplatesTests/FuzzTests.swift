import Foundation
import JSON
import MappingTemplates
import Seeds
import Testing

/// Recorded templates with pieces cut, doubled and exchanged: whatever comes of it renders or is refused, and ends.
///
/// `make fuzz` does it for `GATEWRIGHT_FUZZ_RUNS` seeds from `GATEWRIGHT_FUZZ_SEED` on.
@Suite("Templates made at random")
struct FuzzTests {
    static let runs = setting("GATEWRIGHT_FUZZ_RUNS") ?? 500
    static let seed = setting("GATEWRIGHT_FUZZ_SEED") ?? 0

    private static func setting(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }

    private static let written = [
        "#set($x = $input.path('$.a'))#foreach($i in $x)$i.name#if($foreach.hasNext), #end#end",
        "#define($b){\"k\": \"$!{util.escapeJavaScript($input.json('$..x'))}\"}#end$b$b",
        "#set($m = {'a': [1..5], \"b\": \"$stageVariables.x\"})$m.keySet()$m.a.size()#set($m.c = $m)$m.b",
        "$input.body.replaceAll('(a|b)+', '[$1]').split(',').size() $context.identity.sourceIp #[[ $raw ]]#",
        "#set($context.responseOverride.status = 404)#if($input.params('q') == '' || !$x)\\$y#else$y#end## end",
    ]

    static let sources = written + RecordedCase.all.map(\.responseTemplate)
    static let bodies = [
        "{}", "", #"{"a":[{"name":"x","x":[1,2.5,null,true]},{"b":{"x":"a,b"}}]}"#, "[1,[2,[3]]]", "no",
    ]

    static func template(_ seed: Int) -> String {
        var generator = SeededGenerator(seed: seed &+ 1)
        func piece() -> ArraySlice<Unicode.Scalar> {
            let scalars = Array(sources[Int.random(in: 0..<sources.count, using: &generator)].unicodeScalars)
            let start = Int.random(in: 0...scalars.count, using: &generator)
            return scalars[start..<min(start + Int.random(in: 0...60, using: &generator), scalars.count)]
        }
        var text = Array(sources[Int.random(in: 0..<sources.count, using: &generator)].unicodeScalars)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let from = Int.random(in: 0...text.count, using: &generator)
            let to = min(from + Int.random(in: 0...20, using: &generator), text.count)
            text.replaceSubrange(from..<to, with: piece())
        }
        return String(String.UnicodeScalarView(text))
    }

    @Test("whatever is written renders or is refused at a place in it, the same each time")
    func templates() {
        let limits = TemplateLimits(
            outputBytesMax: 1 << 20, stepsMax: 200_000, elementsMax: 10_000, regexStepsMax: 500_000,
            millisecondsMax: 30_000)
        for seed in Self.seed..<(Self.seed + Self.runs) {
            let text = Self.template(seed)
            let body = Self.bodies[abs(seed) % Self.bodies.count]
            let started = ContinuousClock.now
            let (first, second) = (failure(text, body: body, limits: limits), failure(text, body: body, limits: limits))
            #expect(first == second, "seed \(seed)")
            #expect(ContinuousClock.now - started < .seconds(60), "seed \(seed)")
            guard let first else { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect((1...lines.count).contains(first.line) && first.column >= 1, "seed \(seed)")
        }
    }
}
