import CLibyaml
import Diagnostics
import JSON

extension Composer {
    /// The scalar event just read, by its tag or by the core schema.
    func scalar() -> Node {
        let span = reader.span
        let bytes = reader.scalarBytes
        guard let tag = reader.scalarTag else {
            guard reader.scalarStyle == YAML_PLAIN_SCALAR_STYLE else { return string(bytes, at: span) }
            return plain(CoreSchema.resolve(bytes), bytes, at: span)
        }
        // The non-specific tag: not to be resolved.
        if tag == "!" { return string(bytes, at: span) }
        guard tag.hasPrefix(CoreSchema.prefix) else {
            refuseTag(tag, at: span)
            return string(bytes, at: span)
        }
        let resolved = CoreSchema.resolve(bytes)
        switch (tag.dropFirst(CoreSchema.prefix.count), resolved) {
        case ("str", _): return string(bytes, at: span)
        case ("null", .null), ("bool", .bool), ("int", .integer), ("float", .integer), ("float", .float),
            ("int", .unsupported), ("float", .unsupported):
            return plain(resolved, bytes, at: span)
        case ("null", _), ("bool", _), ("int", _), ("float", _), ("seq", _), ("map", _):
            diagnostics.append(
                Diagnostic(
                    .error, YAMLCode.tagMismatch,
                    "`\(String(decoding: bytes.prefix(40), as: UTF8.self))` is not what its tag "
                        + "`\(CoreSchema.display(tag))` says", at: span, remedy: "remove the tag or correct the value"))
        default: refuseTag(tag, at: span)
        }
        return string(bytes, at: span)
    }

    private func string(_ bytes: UnsafeBufferPointer<UInt8>, at span: SourceSpan) -> Node {
        Node(.string(String(decoding: bytes, as: UTF8.self)), at: span)
    }

    private func plain(
        _ resolved: CoreSchema.Scalar, _ bytes: UnsafeBufferPointer<UInt8>, at span: SourceSpan
    ) -> Node {
        let text = String(decoding: bytes, as: UTF8.self)
        switch resolved {
        case .string: return Node(.string(text), at: span)
        case .null: return Node(.null(text: text), at: span)
        case .bool(let value): return Node(.bool(value, text: text), at: span)
        case .integer(let number), .float(let number):
            return Node(.number(JSONNumber(text: number ?? text)), at: span, numberText: number == nil ? nil : text)
        case .unsupported:
            diagnostics.append(
                Diagnostic(
                    .error, YAMLCode.unsupportedNumber, "`\(text.prefix(40))` is a number that JSON does not have",
                    at: span, remedy: "put it in quotes if a text is meant"))
            return Node(.string(text), at: span)
        }
    }

    /// Lists and maps: nothing but their own tag, or none.
    func checkTag(_ tag: String?, is name: String, what: String) {
        guard let tag, tag != "!", tag != CoreSchema.prefix + name else { return }
        guard CoreSchema.tags.contains(tag) else { return refuseTag(tag, at: reader.startSpan) }
        diagnostics.append(
            Diagnostic(
                .error, YAMLCode.tagMismatch, "\(what) is not what its tag `\(CoreSchema.display(tag))` says",
                at: reader.startSpan, remedy: "remove the tag"))
    }

    private func refuseTag(_ tag: String, at span: SourceSpan) {
        let shown = CoreSchema.display(tag)
        diagnostics.append(
            Diagnostic(
                .error, YAMLCode.unsupportedTag, "the tag `\(shown)` is not read", at: span,
                remedy: shown.hasPrefix("!!")
                    ? "remove the tag, or put the value in quotes"
                    : "remove the tag; references are written `${Kind/name.attribute}`"))
    }
}
