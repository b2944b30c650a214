package import Diagnostics
package import Resources

/// Keys to sign with that could not be had.
package struct CredentialsFailure: Failure {
    package enum Code: String, StableCode {
        case missing = "credentials.missing"
        case incomplete = "credentials.incomplete"
        case badFile = "credentials.bad-file"
        case badProfile = "credentials.bad-profile"
        case loginNeeded = "credentials.login-needed"
        case sourceFailed = "credentials.source-failed"
        case roleRefused = "credentials.role-refused"
        case otherAccount = "credentials.other-account"
        case accountUnknown = "credentials.account-unknown"
        case unreachable = "credentials.unreachable"
    }

    package let code: Code
    /// Names the source. It holds no secret, nor what a source answered.
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var recovery: Recovery {
        switch code {
        case .unreachable, .sourceFailed: .retry(after: .seconds(5))
        case .missing, .incomplete, .badFile, .badProfile, .loginNeeded, .roleRefused, .otherAccount, .accountUnknown:
            .askOperator(runbook: "target-credentials.md")
        }
    }

    /// As a call fails for want of it: nothing was sent to the target.
    package var ofCall: ProviderFailure {
        ProviderFailure(
            code == .unreachable ? .unreachable : .unauthorized, "there are no credentials to sign with",
            effect: .none, cause: self)
    }
}

extension CredentialsFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .missing:
            Explanation(
                meaning: "none of the places where keys for AWS are looked for has any",
                cause: "no keys in the environment, no such profile, and no role of a container or machine",
                remedy:
                    "set `AWS_PROFILE` or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; see `docs/credentials.md`")
        case .incomplete:
            Explanation(
                meaning: "a source has one part of the keys and not the other",
                cause: "a variable or a line that was forgotten",
                remedy: "give both the access key id and the secret access key there, or neither")
        case .badFile:
            Explanation(
                meaning: "a file that credentials are read from cannot be read or understood",
                cause: "a typo in it, or rights that keep this user out",
                remedy: "mend the line that is named; `aws configure list` reads the same files")
        case .badProfile:
            Explanation(
                meaning: "a profile of the shared files does not say how to get credentials, or says it in circles",
                cause: "a missing or misspelt setting, a profile that is not there, or one that needs a person (MFA)",
                remedy: "mend the profile that is named in `~/.aws/config`")
        case .loginNeeded:
            Explanation(
                meaning: "the sign-in that a profile works with has ended, or was never made",
                cause: "IAM Identity Center keeps sign-ins for some hours",
                remedy: "run `aws sso login --profile NAME`, then try again")
        case .sourceFailed:
            Explanation(
                meaning: "a program or service that hands out credentials answered with something else",
                cause: "a broken `credential_process`, or a container or machine without a role",
                remedy: "run the program that is named by hand, or look at the role of the container or machine")
        case .roleRefused:
            Explanation(
                meaning: "the role could not be assumed: the token service said no",
                cause: "a trust policy that does not name the caller, a wrong external id, or too long a session",
                remedy: "compare the role's trust policy with who asks: `gatewright doctor` shows the source")
        case .otherAccount:
            Explanation(
                meaning: "the credentials belong to another account than the target names",
                cause: "the wrong profile, or keys that were left in the environment",
                remedy: "set `AWS_PROFILE` to a profile of that account, or correct `spec.target.aws.accountId`")
        case .accountUnknown:
            Explanation(
                meaning: "the token service would not say whose the credentials are",
                cause: "keys that were deleted, mistyped or have expired; the reason is in the next line",
                remedy: "run `aws sts get-caller-identity` with the same keys")
        case .unreachable:
            Explanation(
                meaning: "who hands out the credentials did not answer",
                cause: "no network, or a wrong endpoint",
                remedy: "nothing, if it passes: it is tried again; else check the endpoint")
        }
    }
}
