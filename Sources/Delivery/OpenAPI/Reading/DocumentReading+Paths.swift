import Diagnostics
import JSON
import Resources

extension DocumentReading {
    static let methodNames = ["get", "put", "post", "delete", "options", "head", "patch"]

    mutating func readPaths() {
        add(.resource, "/", [:], at: root["paths"]?.nameSpan)
        guard let paths = root["paths"] else {
            if isManifest { missing("paths", in: root) }
            return
        }
        checkNames(of: paths, known: nil, isStrict: false)
        let prefix = basePathParts()
        for (path, item) in entries(paths) { readPath(path, item, prefix: prefix) }
    }

    private mutating func readPath(_ path: String, _ item: Place, prefix: [String]) {
        guard let own = parts(of: path, at: item) else { return }
        let parts = prefix + own
        if let collision = routes.add(parts, at: item.nameSpan) {
            report(collision, path: path, item: item)
            return
        }
        if isManifest, parts == ["ping"] || parts == ["sping"] {
            problem(
                .invalidPath, as: .warning, "`\(path)` is a path that API Gateway answers itself", at: [item.nameSpan],
                remedy: "choose another path")
        }
        guard resourceCount + parts.count <= Limits.resourcesMax else {
            guard resourceCount <= Limits.resourcesMax else { return }
            resourceCount = Limits.resourcesMax + 1
            return problem(
                .tooLarge, "the API has more than \(Limits.resourcesMax) resources", at: [item.nameSpan],
                remedy: "use `{proxy+}`, or several APIs")
        }
        for length in 0...parts.count {
            let key = RouteTable.path(parts.prefix(length))
            if !has(.resource, key) { resourceCount += 1 }
            if !has(.resource, key) || length == parts.count { add(.resource, key, [:], at: item.nameSpan) }
        }
        readItem(item, path: RouteTable.path(parts), parts: parts)
    }

    private mutating func parts(of path: String, at item: Place) -> [String]? {
        guard path.utf8.count <= Limits.pathBytesMax else {
            problem(
                .tooLarge, "a path has \(path.utf8.count) bytes, more than \(Limits.pathBytesMax)", at: [item.nameSpan],
                remedy: "use a shorter path")
            return nil
        }
        guard path.hasPrefix("/") else {
            problem(
                .invalidPath, "the path `\(path)` does not start with `/`", at: [item.nameSpan],
                remedy: "write `/\(path)`")
            return nil
        }
        var parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.last == "" { parts.removeLast() }
        var names: Set<String> = []
        for (position, part) in parts.enumerated() {
            if let fault = PathPart.fault(part, isLast: position == parts.count - 1) {
                problem(
                    .invalidPath, "the part `\(part)` of the path `\(path)` can be no resource", at: [item.nameSpan],
                    remedy: "use letters, digits, `._-:`, `{name}`, or `{name+}` at the end",
                    service: "Unable to create resource at path '\(path)': \(fault)")
                return nil
            }
            if let name = PathPart.parameter(part), !names.insert(name).inserted {
                problem(
                    .duplicate, "the path `\(path)` has `{\(name)}` twice", at: [item.nameSpan],
                    remedy: "give each variable part its own name")
                return nil
            }
        }
        return parts
    }

    private mutating func report(_ collision: RouteTable.Collision, path: String, item: Place) {
        switch collision {
        case .samePath(let earlier):
            problem(
                .routeCollision, "the path `\(path)` differs from another one by a slash only",
                at: [item.nameSpan, earlier], remedy: "keep one of them")
        case .sibling(let part, let parent, let earlier):
            problem(
                .routeCollision, "the path `\(path)` needs another variable part below `\(parent)`, where `\(part)` is",
                at: [item.nameSpan, earlier], remedy: "call it `\(part)` in both paths",
                service:
                    "Unable to create resource at path '\(path)': A sibling (\(part)) of this resource already has "
                    + "a variable path part -- only one unique variable path part is allowed")
        }
    }

    private mutating func readItem(_ written: Place, path: String, parts: [String]) {
        let known = Self.methodNames + ["trace", "parameters", "summary", "description", "servers", "$ref"]
        checkNames(of: written, known: known, extensions: Extensions.pathItem, isStrict: true)
        guard let item = pathItem(written) else { return }
        for (name, place) in members(item) {
            if name == "trace" {
                problem(
                    .invalidValue, as: isManifest ? .error : .warning, "API Gateway has no method TRACE",
                    at: [place.nameSpan], remedy: "remove it")
            } else if name == "x-amazon-apigateway-any-method" {
                readMethod("ANY", place, item: item, path: path, parts: parts)
            } else if Self.methodNames.contains(name) {
                readMethod(name.uppercased(), place, item: item, path: path, parts: parts)
            }
        }
    }

    /// The item, or the one that it refers to.
    private mutating func pathItem(_ written: Place) -> Place? {
        var item = written
        for _ in 0..<Limits.referenceHopsMax {
            guard let reference = item["$ref"] else { return item }
            guard let text = text(reference) else { return nil }
            if item.node.members?.count != 1 {
                manifestProblem(
                    .unresolvedReference, "\(item.name) has members beside its `$ref`, which would be lost",
                    at: [reference.nameSpan], remedy: "write all of the methods in one of the two places")
            }
            guard text.hasPrefix("#/"), let next = place(at: text.dropFirst(2)), next.node.members != nil else {
                problem(
                    .unresolvedReference, "`\(text)` at \(reference.name) leads to no path item of this document",
                    at: reference, remedy: "refer to a path as `#/paths/~1pets`, or write the methods here")
                return nil
            }
            item = next
        }
        problem(
            .unresolvedReference, "`$ref` at \(written.name) goes round in a circle or over too many steps",
            at: written, remedy: "write the methods here")
        return nil
    }

    // MARK: - Base path

    /// The parts that the service puts in front of every path.
    private mutating func basePathParts() -> [String] {
        let mode = use.basePath
        guard mode != .ignore else { return [] }
        let path = version == .swagger2 ? text(root["basePath"]) ?? "" : serverPath()
        let parts = path.split(separator: "/").map(String.init)
        return mode == .split ? Array(parts.dropFirst()) : parts
    }

    /// The path of the first server, its variables replaced by their defaults.
    private mutating func serverPath() -> String {
        guard let server = root["servers"]?.elements?.first, var url = text(server["url"]) else { return "" }
        for (name, variable) in members(server["variables"]) {
            guard let value = text(variable["default"]) else { continue }
            url = url.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? ""
    }
}
