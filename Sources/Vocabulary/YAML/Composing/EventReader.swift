import CLibyaml
import Diagnostics

/// What ends the reading of a file.
struct ComposeFault: Error {
    let diagnostic: Diagnostic
}

/// libyaml's parser over bytes that someone else keeps, one event at a time.
///
/// One owner, one thread; the parser and the event are freed with it.
final class EventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        event.initialize(to: yaml_event_t())
        parser.initialize(to: yaml_parser_t())
        precondition(yaml_parser_initialize(parser) == 1, "memory for a YAML parser is there")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_event_delete(event)
        yaml_parser_delete(parser)
        event.deallocate()
        parser.deallocate()
    }

    /// Goes on to the next event; what the last one pointed to is gone.
    func next() throws(ComposeFault) -> yaml_event_type_t {
        yaml_event_delete(event)
        guard yaml_parser_parse(parser, event) == 1 else { throw fault() }
        return event.pointee.type
    }

    var scalarStyle: yaml_scalar_style_t { event.pointee.data.scalar.style }
    var scalarTag: String? { text(event.pointee.data.scalar.tag) }
    var scalarAnchor: String? { text(event.pointee.data.scalar.anchor) }
    /// Valid until the next event.
    var scalarBytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: event.pointee.data.scalar.value, count: event.pointee.data.scalar.length)
    }
    var listTag: String? { text(event.pointee.data.sequence_start.tag) }
    var listAnchor: String? { text(event.pointee.data.sequence_start.anchor) }
    var mapTag: String? { text(event.pointee.data.mapping_start.tag) }
    var mapAnchor: String? { text(event.pointee.data.mapping_start.anchor) }
    var aliasName: String { text(event.pointee.data.alias.anchor) ?? "" }

    /// From the start of the event to its end, or to the end of its first line.
    var span: SourceSpan {
        let (start, end) = (event.pointee.start_mark, event.pointee.end_mark)
        let length = start.line == end.line ? end.column - start.column : 1
        return SourceSpan(file: file, line: start.line + 1, column: start.column + 1, length: max(1, length))
    }

    /// The first character of the event.
    var startSpan: SourceSpan { span(of: event.pointee.start_mark) }

    private func span(of mark: yaml_mark_t) -> SourceSpan {
        SourceSpan(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(decodingCString: $0, as: UTF8.self) }
    }

    private func fault() -> ComposeFault {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the file cannot be read"
        if parser.pointee.error == YAML_READER_ERROR {
            let place = SourceCheck(bytes, file: file).span(of: parser.pointee.problem_offset)
            let isControl = problem.hasPrefix("control characters")
            return ComposeFault(
                diagnostic: Diagnostic(
                    .error, isControl ? YAMLCode.syntax : .notUTF8,
                    isControl ? "a control character" : "bytes that are not UTF-8", at: place,
                    remedy: isControl ? #"remove it, or write `\xNN` in double quotes"# : "save the file as UTF-8"))
        }
        var message = problem
        var spans = [span(of: parser.pointee.problem_mark)]
        if let context = parser.pointee.context {
            message += " " + String(cString: context)
            let other = span(of: parser.pointee.context_mark)
            if other != spans[0] { spans.append(other) }
        }
        return ComposeFault(
            diagnostic: Diagnostic(.error, YAMLCode.syntax, message, at: spans, remedy: remedy(for: problem)))
    }

    private func remedy(for problem: String) -> String? {
        switch problem {
        case "found character that cannot start any token":
            "indent with blanks, not tabs, and put text that begins with `@`, `%` or a backtick in quotes"
        case "could not find expected ':'", "did not find expected key":
            "look for a missing `:`, a missing quote, or indentation that does not line up, here or on the line above"
        case "mapping values are not allowed in this context":
            "put text that has `: ` in it in quotes, or correct the indentation"
        case "did not find expected alphabetic or numeric character": "put text that begins with `*` or `&` in quotes"
        default: nil
        }
    }
}
