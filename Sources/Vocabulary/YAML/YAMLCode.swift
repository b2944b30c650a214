package import Diagnostics

/// What may be wrong with a YAML file.
package enum YAMLCode: String, StableCode {
    case syntax = "yaml.syntax"
    case notUTF8 = "yaml.not-utf8"
    case oddLineBreak = "yaml.odd-line-break"
    case duplicateKey = "yaml.duplicate-key"
    case complexKey = "yaml.complex-key"
    case unknownAlias = "yaml.unknown-alias"
    case recursiveAlias = "yaml.recursive-alias"
    case aliasBudget = "yaml.alias-budget"
    case badMerge = "yaml.bad-merge"
    case unsupportedTag = "yaml.unsupported-tag"
    case tagMismatch = "yaml.tag-mismatch"
    case unsupportedNumber = "yaml.unsupported-number"
    case tooDeep = "yaml.too-deep"
    case tooLarge = "yaml.too-large"

    package var explanation: Explanation {
        switch self {
        case .syntax:
            Explanation(
                meaning: "a file is not YAML",
                cause: "indentation that does not line up, a tab, a missing colon or quote",
                remedy: "correct the line of the message; often the line above it is the one",
                example: "name: [a, b")
        case .notUTF8:
            Explanation(
                meaning: "a YAML file has bytes that are not UTF-8",
                cause: "a file saved in another encoding (UTF-16, Latin-1), or binary data",
                remedy: "save the file as UTF-8")
        case .oddLineBreak:
            Explanation(
                meaning: "a file has one of the characters U+0085, U+2028 and U+2029 as it is, which YAML 1.1 and 1.2 "
                    + "read differently: a line break for the one, text for the other",
                cause: "text pasted from a word processor",
                remedy: #"remove the character, or write it as `\N`, `\L` or `\P` in double quotes"#)
        case .duplicateKey:
            Explanation(
                meaning: "a map has a key twice, so that one of the values would be lost",
                cause: "a line copied and not renamed",
                remedy: "remove or rename one of them", example: "name: a\nname: b")
        case .complexKey:
            Explanation(
                meaning: "the key of a map is a list or a map itself",
                cause: "a `?` or a brace where a key is wanted; often a template that was not filled in",
                remedy: "use a text as the key; put braces in quotes", example: "{{name}}: value")
        case .unknownAlias:
            Explanation(
                meaning: "an alias names an anchor that does not stand before it in the same document",
                cause: "a misspelled name, an anchor in another document, or a text that begins with `*`",
                remedy: "define the anchor before, or put the text in quotes", example: "path: *.example.com")
        case .recursiveAlias:
            Explanation(
                meaning: "an alias stands inside the node that it names, which would have no end",
                cause: "an anchor at the wrong node", remedy: "move the anchor or remove the alias",
                example: "a: &a [*a]")
        case .aliasBudget:
            Explanation(
                meaning: "aliases and merges would make far more of a file than is written in it",
                cause: "aliases of aliases of aliases, which grow with each level",
                remedy: "write the parts out, or split the file")
        case .badMerge:
            Explanation(
                meaning: "`<<` merges something that is not a map or a list of maps",
                cause: "an alias to a list or a text", remedy: "let `<<` name maps; quote `\"<<\"` for a plain key",
                example: "<<: text")
        case .unsupportedTag:
            Explanation(
                meaning: "a node has a tag that is not one of `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, "
                    + "`!!seq` and `!!map`",
                cause: "short forms of CloudFormation, such as `!Ref`, or types of another program",
                remedy: "remove the tag; references are written `${Kind/name.attribute}`", example: "role: !Ref Role")
        case .tagMismatch:
            Explanation(
                meaning: "a node is not what its tag says",
                cause: "a value changed and its tag not", remedy: "remove the tag or correct the value",
                example: "count: !!int many")
        case .unsupportedNumber:
            Explanation(
                meaning: "a number is one that JSON, which all services speak, does not have: infinite, not a number, "
                    + "or a hexadecimal or octal one of more than 64 bits",
                cause: "`.inf`, `.nan`, or a long code written without quotes",
                remedy: "put it in quotes if a text is meant", example: "rate: .inf")
        case .tooDeep:
            Explanation(
                meaning: "lists and maps are inside one another more often than is read",
                cause: "a generated or hostile file", remedy: "make the file flatter: 100 levels are read")
        case .tooLarge:
            Explanation(
                meaning: "a YAML file has more bytes than is read: 1 MiB of a manifest, 6 MiB of a definition",
                cause: "a generated file, or one that is not meant to be read here", remedy: "split the file")
        }
    }
}
