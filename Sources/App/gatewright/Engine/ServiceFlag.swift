import ArgumentParser
import DataPlane

/// `SERVICE=URL` or `SERVICE.REGION=URL`.
struct ServiceFlag: ExpressibleByArgument, Sendable {
    let name: String
    let entry: EndpointMap.Entry

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex,
            let entry = EndpointMap.Entry(url: String(argument[argument.index(after: equals)...]))
        else { return nil }
        name = String(argument[..<equals])
        self.entry = entry
    }
}
