import Diagnostics
import JSON

extension DocumentReading {
    /// The rule of the whole document. Only manifests come here: for the service it is a sign of an HTTP API.
    mutating func readCORS() {
        guard isManifest, let place = root[Extensions.cors] else { return }
        guard place.node.members != nil else { return wrongType(place, wanted: "a map") }
        guard !place.isIntrinsic else { return }
        checkNames(of: place, known: CORSRule.memberNames, isStrict: true)
        for name in ["allowOrigins", "allowHeaders", "exposeHeaders"] { _ = texts(place[name]) }
        for element in elements(place["allowMethods"]) { _ = word(element, among: ["*"] + CORSRule.allMethods) }
        _ = whole(place["maxAge"], in: Limits.corsAgeSeconds)
        _ = flag(place["allowCredentials"])
        let reading = CORSReading(place.node, named: Extensions.cors, at: place.nameSpan, mayBeEmpty: false)
        for found in reading.diagnostics {
            guard let code = OpenAPICode(rawValue: found.code) else { continue }
            problem(code, as: found.severity, found.message, at: found.spans, remedy: found.remedy)
        }
        cors = reading.rule
    }
}
