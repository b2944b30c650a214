import JSON
import Resources
import YAML

/// The manifests of what a target has: planning them plans to take everything over, and to change nothing.
struct InventoryExport {
    /// In the order in which they are written.
    private(set) var manifests: [JSONValue] = []
    /// What is not among them, or needs something beside them; a sentence each.
    private(set) var notes: [String] = []

    /// Physical ids and ARNs of what is exported, as manifests refer to it.
    private var references: [String: String] = [:]

    /// Fields that hold the ARN or the id of another object, and nothing else.
    private static let referring = ["managedPolicyArns", "permissionsBoundary", "keys", "cloudwatchRoleArn"]

    /// - Parameters:
    ///   - items: Of objects of their own.
    ///   - declared: What the manifests have already.
    init(_ items: [TargetInventory.Item], declared: Set<Address>) {
        var named: [(name: String, item: TargetInventory.Item)] = []
        for item in items {
            let what = "\(item.kind) `\(item.name)`"
            if let keeper = item.keeper {
                notes.append("\(what) is left out: it is kept by \(keeper)")
            } else if case .of(let environment, let address, _)? = item.marker {
                notes.append("\(what) is left out: it is `\(address)` of the environment `\(environment)`")
            } else if let name = Self.name(item) {
                if declared.contains(Address(item.kind, name)) {
                    notes.append("\(what) is left out: a manifest declares `\(item.kind)/\(name)`")
                } else {
                    named.append((name, item))
                }
            } else {
                notes.append("\(what) is left out: no manifest can have this name")
            }
        }
        let counts = Dictionary(grouping: named) { Address($0.item.kind, $0.name) }.mapValues(\.count)
        for (name, item) in named where counts[Address(item.kind, name)] == 1 {
            for attribute in ["arn", "id"] {
                let value = item.object.identity.attributes[attribute] ?? (attribute == "id" ? item.id : nil)
                if let value { references[value] = "${\(item.kind)/\(name).\(attribute)}" }
            }
        }
        for (name, item) in named {
            guard let count = counts[Address(item.kind, name)], count > 1 else {
                add(name, item)
                continue
            }
            notes.append("\(item.kind) `\(item.name)` (\(item.id)) is left out: \(count) have that name")
        }
    }

    /// The documents, one below the other.
    var text: String { manifests.map { YAMLWriter.text($0) }.joined(separator: "---\n") }

    /// - Returns: Nil where what the target calls it is no name of a manifest.
    private static func name(_ item: TargetInventory.Item) -> String? {
        guard let schema = KindTable.manifest(item.kind.rawValue), let pattern = schema.namePattern else { return nil }
        switch item.kind {
        case .account: return "account"
        case .clientCertificate: return DocumentImport.name("certificate-\(item.id)")
        case .oidcProvider: return DocumentImport.name(item.object.document["url"]?.string?.withoutScheme ?? item.name)
        default: return pattern.matches(item.name) ? item.name : nil
        }
    }

    private mutating func add(_ name: String, _ item: TargetInventory.Item) {
        let schema = KindTable.manifest(item.kind.rawValue)
        var spec = JSONObject()
        for (field, value) in item.object.document.object ?? [:] {
            guard schema?.field(field)?.isName != true, value != [], value != [:], value != .null else { continue }
            spec[field] = Self.referring.contains(field) ? referring(value) : value
        }
        // A key always has a value; that of a host name's own certificate is no part of what can be told from outside.
        for field in schema?.fields ?? [] where item.kind == .apiKey {
            guard case .secret = field.type else { continue }
            let variable = "\(item.kind)_\(name)_\(field.name)".variableName
            spec[field.name] = ["valueFrom": ["env": .string(variable)]]
            notes.append(
                "`\(item.kind)/\(name)` has a secret: put it into `\(variable)`, and that name into `secrets.env`")
        }
        manifests.append([
            "apiVersion": "gatewright/v1", "kind": .string(item.kind.rawValue),
            "metadata": ["name": .string(name), "adopt": .string(item.id)], "spec": .object(spec),
        ])
    }

    private func referring(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(references[text] ?? text)
        case .array(let elements): .array(elements.map(referring))
        default: value
        }
    }
}

extension TargetInventory.Item {
    fileprivate var id: String { object.identity.physicalID }
}

extension String {
    fileprivate var withoutScheme: String { hasPrefix("https://") ? String(dropFirst(8)) : self }

    /// Capitals, digits and underscores.
    fileprivate var variableName: String {
        String(uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(64))
    }
}
