package import Diagnostics

extension TemplateFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .syntax:
            Explanation(
                meaning: "the template is not well formed",
                cause: "a missing `#end`, a parenthesis or quote that is not closed, an operator without operand",
                remedy: "correct the template at the place named",
                example: "#if($a == 1 yes #end")
        case .unsupportedDirective:
            Explanation(
                meaning: "the template uses a directive that the service does not offer or that is not implemented",
                cause: "`#parse`, `#include`, `#evaluate` or `#return`",
                remedy: "write it with `#set`, `#if`, `#foreach`, `#define` and `#macro`",
                example: "#parse('other.vtl')")
        case .unknownMethod:
            Explanation(
                meaning: "no value of a template has a method of that name",
                cause: "a slip of the pen, or a Java method that templates rarely use",
                remedy: "use a method that strings, lists, maps, `$input` or `$util` have",
                example: "$name.lowerCase()")
        case .tooLarge:
            Explanation(
                meaning: "a template, a path or a pattern is longer than allowed",
                cause: "a template above 300 KiB, a path or pattern above 8 KiB",
                remedy: "make it shorter; move data out of the template")
        case .tooDeep:
            Explanation(
                meaning: "something is nested deeper than allowed",
                cause: "blocks in blocks, a list that contains itself, `#define` blocks that print each other",
                remedy: "flatten it",
                example: "#set($ignore = $list.add($list))$list")
        case .outputTooLarge:
            Explanation(
                meaning: "the rendered text is larger than a payload may be",
                cause: "a loop over a large body, a string that doubles with each turn",
                remedy: "print less; the limit is 10 MiB")
        case .tooMuchWork:
            Explanation(
                meaning: "the rendering did not end within its budget",
                cause: "loops in loops over large lists, a deep scan of a large body, a very large range",
                remedy: "loop over less")
        case .badPath:
            Explanation(
                meaning: "a JSONPath cannot be read",
                cause: "a bracket or quote that is not closed, an unknown operator or function",
                remedy: "correct the path at the place named",
                example: "$.pets[?(@.price <]")
        case .badPattern:
            Explanation(
                meaning: "a regular expression cannot be read",
                cause: "a parenthesis or bracket that is not closed, a quantifier with nothing before it",
                remedy: "correct the pattern; quote what is meant literally with a backslash",
                example: "$x.replaceAll('(', '')")
        case .patternTooSlow:
            Explanation(
                meaning: "a regular expression was given up",
                cause: "nested quantifiers that can match one text in very many ways",
                remedy: "write the pattern without a quantifier inside a quantifier",
                example: "$x.matches('(a+)+b')")
        case .bodyNotJSON:
            Explanation(
                meaning: "the payload is not JSON, and the template asks for a part of it",
                cause: "a caller or backend that sent something else; `$util.parseJson` of other text",
                remedy: "send JSON, or use `$input.body` only")
        case .badArgument:
            Explanation(
                meaning: "a method got an argument that it cannot work with",
                cause: "a position outside the list or text, or too few arguments",
                remedy: "check the size before, for example `#if($list.size() > 2)`",
                example: "$text.substring(5, 2)")
        }
    }
}
