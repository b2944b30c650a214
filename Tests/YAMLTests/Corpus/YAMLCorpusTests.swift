import Diagnostics
import Foundation
import JSON
import Testing
import YAML

/// The published cases of the YAML test suite.
@Suite("The YAML test suite", .enabled(if: YAMLCorpus.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct YAMLCorpusTests {
    @Test("each case gives its value, is refused, or is named with its reason", arguments: YAMLCorpus.names)
    func everyCase(name: String) throws {
        let item = try YAMLCorpus.Case(name)
        let (documents, diagnostics) = Node.parse(yaml: item.input, file: "in.yaml")
        let codes = diagnostics.map(\.code)
        if let reason = YAMLCorpus.wrongInLibyaml[name] {
            let isAccepted = !diagnostics.hasErrors && (item.values.map { $0 == documents.map(\.value) } ?? true)
            let isRight = item.mustFail ? diagnostics.hasErrors : isAccepted
            #expect(!isRight, "libyaml is right now, so that this is out of date: \(reason)")
        } else if let code = YAMLCorpus.refusedOnPurpose[name] {
            #expect(codes.contains(code), "\(diagnostics)")
        } else if item.mustFail {
            #expect(diagnostics.hasErrors, "\(documents.map { $0.value.text(.compact) })")
        } else {
            #expect(codes == [], "\(diagnostics)")
            if let values = item.values { #expect(documents.map(\.value) == values) }
        }
    }

    @Test("every node of every case has a place inside its file", arguments: YAMLCorpus.names)
    func places(name: String) throws {
        let item = try YAMLCorpus.Case(name)
        let lines = String(decoding: item.input, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        func check(_ span: SourceSpan) {
            #expect((1...lines.count + 1).contains(span.line) && span.column >= 1 && span.length >= 1, "\(span)")
            guard span.line <= lines.count else { return }
            #expect(span.column <= lines[span.line - 1].unicodeScalars.count + 1, "\(span)")
        }
        func check(_ node: Node) {
            check(node.span)
            node.elements?.forEach(check)
            for member in node.members ?? [] {
                check(member.nameSpan)
                check(member.value)
            }
        }
        let (documents, diagnostics) = Node.parse(yaml: item.input, file: "in.yaml")
        documents.forEach(check)
        diagnostics.flatMap(\.spans).forEach(check)
        #expect(diagnostics.allSatisfy { !$0.spans.isEmpty })
    }

    @Test("the lists name cases that exist")
    func lists() {
        let known = Set(YAMLCorpus.names)
        #expect(known.count == 210)
        #expect(known.isSuperset(of: YAMLCorpus.wrongInLibyaml.keys))
        #expect(known.isSuperset(of: YAMLCorpus.refusedOnPurpose.keys))
    }
}
