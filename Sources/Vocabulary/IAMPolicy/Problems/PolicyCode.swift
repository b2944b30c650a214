package import Diagnostics

/// What may be wrong, or doubtful, in a policy document.
package enum PolicyCode: String, StableCode {
    case wrongType = "policy.wrong-type"
    case unknownElement = "policy.unknown-element"
    case missingElement = "policy.missing-element"
    case forbiddenElement = "policy.forbidden-element"
    case bothForms = "policy.both-forms"
    case emptyList = "policy.empty-list"
    case badVersion = "policy.bad-version"
    case badEffect = "policy.bad-effect"
    case badSid = "policy.bad-sid"
    case duplicateSid = "policy.duplicate-sid"
    case badAction = "policy.bad-action"
    case badResource = "policy.bad-resource"
    case badPrincipal = "policy.bad-principal"
    case badVariable = "policy.bad-variable"
    case unknownOperator = "policy.unknown-operator"
    case badConditionKey = "policy.bad-condition-key"
    case badConditionValue = "policy.bad-condition-value"
    case badCharacter = "policy.bad-character"
    case tooLarge = "policy.too-large"
    case tooManyProblems = "policy.too-many-problems"
    case oldVersion = "policy.old-version"
    case matchesNothing = "policy.matches-nothing"
    case wildcardService = "policy.wildcard-service"
    case allowsAllButSome = "policy.allows-all-but-some"
    case unguardedForAllValues = "policy.unguarded-for-all-values"
    case setOperator = "policy.set-operator"
    case confusedDeputy = "policy.confused-deputy"
    case openTrust = "policy.open-trust"
    case unknownManaged = "policy.unknown-managed-policy"
}

extension PolicyCode {
    package var explanation: Explanation {
        switch self {
        case .wrongType, .unknownElement, .missingElement, .forbiddenElement, .bothForms, .emptyList, .badVersion,
            .badEffect, .badSid, .duplicateSid, .badCharacter, .tooLarge, .tooManyProblems:
            form
        case .badAction, .badResource, .badPrincipal, .badVariable, .unknownOperator, .badConditionKey,
            .badConditionValue:
            content
        default: doubt
        }
    }

    private var form: Explanation {
        switch self {
        case .wrongType:
            Explanation(
                meaning: "an element of a policy has a value of another type than IAM reads",
                cause: "a list where one value is meant, a map where text is meant, or a policy that is itself a text",
                remedy: "write the type that the message names", example: #""Statement": "Allow""#)
        case .unknownElement:
            Explanation(
                meaning: "a policy has an element that IAM does not know",
                cause: "a misspelled name, or one in other letters: names are compared with regard to case",
                remedy: "use the name that the message suggests, or remove the element",
                example: #""action": "s3:GetObject""#)
        case .missingElement:
            Explanation(
                meaning: "a statement lacks an element that its kind of policy must have",
                cause: "no `Effect`, `Action` or `Resource`, or no `Principal` in the policy of a resource or role",
                remedy: "add the element", example: #"{"Effect": "Allow", "Action": "s3:GetObject"}"#)
        case .forbiddenElement:
            Explanation(
                meaning: "a statement has an element that its kind of policy may not have",
                cause: "`Principal` in the policy of a user, group or role, `Resource` or `NotPrincipal` in a trust "
                    + "policy",
                remedy: "remove the element, or attach the policy where it belongs")
        case .bothForms:
            Explanation(
                meaning: "a statement has an element and its `Not` form",
                cause: "`Action` beside `NotAction`, `Resource` beside `NotResource`, or the like",
                remedy: "keep one of them; make two statements if both are meant")
        case .emptyList:
            Explanation(
                meaning: "a list of a policy is empty",
                cause: "a template that put nothing in it",
                remedy: "add an entry or remove the statement", example: #""Action": []"#)
        case .badVersion:
            Explanation(
                meaning: "the version of a policy is none of the language's versions",
                cause: "the date of the policy itself in `Version`",
                remedy: "write `2012-10-17`", example: #""Version": "2026-01-01""#)
        case .badEffect:
            Explanation(
                meaning: "the effect of a statement is neither `Allow` nor `Deny`",
                cause: "other letters: the value is compared with regard to case",
                remedy: "write `Allow` or `Deny`", example: #""Effect": "allow""#)
        case .badSid:
            Explanation(
                meaning: "the id of a statement has characters that are not allowed",
                cause: "blanks, dashes or the like",
                remedy: "use letters and digits alone", example: #""Sid": "read-only""#)
        case .duplicateSid:
            Explanation(
                meaning: "two statements of a policy have the same id",
                cause: "a statement copied and its id not changed", remedy: "rename one of them")
        case .badCharacter:
            Explanation(
                meaning: "a policy has a character that IAM does not take",
                cause: "a character beyond U+00FF, such as a typographic quote or a dash from a word processor",
                remedy: "write it with characters of Latin-1")
        case .tooLarge:
            Explanation(
                meaning: "a policy is larger than its kind may be",
                cause: "many statements, actions or resources; whitespace outside strings is not counted",
                remedy: "use wildcards, or split it into several managed policies")
        default:
            Explanation(
                meaning: "a policy has more problems than are listed",
                cause: "something that is no policy, or one mistake repeated",
                remedy: "correct what is listed and look again")
        }
    }

    private var content: Explanation {
        switch self {
        case .badAction:
            Explanation(
                meaning: "an action is not `service:Name`",
                cause: "no service, a wildcard in the service, a character that no action has, or an action that a "
                    + "trust policy may not name",
                remedy: "write `service:Name`, with wildcards only in the name, or `*` alone",
                example: #""Action": "s3*:Get*""#)
        case .badResource:
            Explanation(
                meaning: "a resource is not `*` or an ARN",
                cause: "a name, a path or a URL instead of an ARN, or a variable outside its last part",
                remedy: "write the whole ARN; put variables behind its fifth colon",
                example: #""Resource": "my-bucket/*""#)
        case .badPrincipal:
            Explanation(
                meaning: "a principal is none that a policy can name",
                cause: "a wildcard inside an ARN, a group, a service without `.amazonaws.com`, an account without its "
                    + "twelve digits",
                remedy: "name an account, user, role, session, service or identity provider, or `*`",
                example: #""Principal": {"AWS": "arn:aws:iam::123456789012:user/*"}"#)
        case .badVariable:
            Explanation(
                meaning: "`${...}` is not a policy variable",
                cause: "a brace that is not closed, no colon in the name, a default without single quotes",
                remedy: "write `${service:key}` or `${service:key, 'default'}`; `${$}` is a dollar sign",
                example: #""Resource": "arn:aws:s3:::home/${username}/*""#)
        case .unknownOperator:
            Explanation(
                meaning: "a condition has an operator that IAM does not know",
                cause: "a misspelled name, or one in other letters",
                remedy: "use the operator that the message suggests", example: #""StringEqual": {}"#)
        case .badConditionKey:
            Explanation(
                meaning: "a condition key is not `service:name`",
                cause: "a key without its service", remedy: "write `aws:SourceIp` or the like",
                example: #""IpAddress": {"SourceIp": "203.0.113.0/24"}"#)
        default:
            Explanation(
                meaning: "a value of a condition is none that its operator can compare",
                cause: "text where a number, date, address, boolean or base64 is wanted",
                remedy: "write a value of the operator's type",
                example: #""DateLessThan": {"aws:CurrentTime": "tomorrow"}"#)
        }
    }

    private var doubt: Explanation {
        switch self {
        case .oldVersion:
            Explanation(
                meaning: "a policy of version 2008-10-17 has `${...}`, which is literal text there",
                cause: "no `Version`, which means 2008-10-17", remedy: "add `\"Version\": \"2012-10-17\"`")
        case .matchesNothing:
            Explanation(
                meaning: "a resource or value is of a form that nothing has, so that the statement has no effect",
                cause: "an account id in the ARN of an API Gateway management resource, an empty region in it, a "
                    + "method in lower case, an ARN with parts missing",
                remedy: "use the form that the message suggests",
                example: "arn:aws:apigateway::123456789012:/restapis/*/documentation/*")
        case .wildcardService:
            Explanation(
                meaning: "the service of a resource's ARN has a wildcard",
                cause: "`arn:aws:*:...`", remedy: "name the service; it costs a line and hides no mistake")
        case .allowsAllButSome:
            Explanation(
                meaning: "`NotPrincipal` with `Allow` lets everybody else in, also those who did not sign",
                cause: "`NotPrincipal` meant as an exception",
                remedy: "list who may come in `Principal`, or use `Deny` with `NotPrincipal`")
        case .unguardedForAllValues:
            Explanation(
                meaning: "`ForAllValues` is true for a request without the key, and the statement allows",
                cause: "no `Null` check of the same key beside it",
                remedy: #"add `"Null": {"KEY": "false"}` to the condition"#,
                example: #""ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}"#)
        case .setOperator:
            Explanation(
                meaning: "a key with one value is compared as a set, or a key with several as one value",
                cause: "`ForAnyValue` or `ForAllValues` with a key such as `aws:SourceIp`, or none with `aws:TagKeys`",
                remedy: "remove or add the prefix")
        case .confusedDeputy:
            Explanation(
                meaning: "a service may assume the role for anybody's resource",
                cause: "a trust policy for a service without `aws:SourceArn` or `aws:SourceAccount`",
                remedy: "add a condition that names your account or the resource",
                example: #""Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}"#)
        case .unknownManaged:
            Explanation(
                meaning: "a managed policy of AWS is attached whose document does not come with this program",
                cause: "a misspelled name, or a policy for services that have nothing to do with gateways",
                remedy: "check the name; the target decides whether there is such a policy",
                example: "arn:aws:iam::aws:policy/AmazonS3FullAccess")
        default:
            Explanation(
                meaning: "everybody of every account may assume the role",
                cause: "`*` as the principal of a trust policy without a condition",
                remedy: "name accounts, users or roles, or add a condition such as `aws:PrincipalOrgID`")
        }
    }
}
