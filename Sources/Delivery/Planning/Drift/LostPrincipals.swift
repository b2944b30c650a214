import JSON
import Resources

/// Principals that a trust policy names and that are not there any more.
///
/// SOURCE: IAM user guide, "AWS JSON policy elements: Principal": a user or role is kept by its unique id, which shows
/// once it is deleted; one that is made again under its name has another id, and is not trusted.
enum LostPrincipals {
    /// One sentence; nil where every principal has its name.
    static func sentence(_ document: JSONValue) -> String? {
        let ids = ids(in: document["assumeRolePolicyDocument"]?["Statement"])
        guard let first = ids.first else { return nil }
        let others = ids.count > 1 ? " and \(ids.count - 1) others" : ""
        return
            "its trust policy names `\(first)`\(others), the id of a principal that was deleted: one that was made again "
            + "under its name is not trusted"
    }

    private static func ids(in statements: JSONValue?) -> [String] {
        (statements?.array ?? []).flatMap { statement -> [String] in
            let principals = statement["Principal"]?["AWS"]
            return (principals?.array ?? [principals].compactMap(\.self)).compactMap(\.string).filter(isID)
        }
    }

    private static func isID(_ text: String) -> Bool {
        (text.hasPrefix("AIDA") || text.hasPrefix("AROA")) && text.utf8.count > 15
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}
