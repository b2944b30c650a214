import Foundation
import Synchronization
import Testing

@testable import DataPlane

/// What a client, a mapping or a template may not make of the right of a role.
@Suite("calls of AWS services keep to what was deployed")
struct ServiceTrustTests {
    @Test("a role is asked for one method of one API, which its trust may name")
    func source() throws {
        let trial = try ServiceTrial("sns:action/ListTopics", "GET", path: "/a/{b}")
        _ = try trial.signed("GET", "/a/x", service: "sns")
        #expect(
            trial.roles.sources.withLock(\.self) == ["arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/a/*"])
    }

    @Test(
        "a client cannot have the role do another action than the integration's",
        arguments: [
            ("sns:action/ListTopics", "Action=DeleteTopic&TopicArn=t", ""),
            ("sns:action/ListTopics", "Action=ListTopics&Action=DeleteTopic", ""),
            ("sns:action/ListTopics", "%41ction=DeleteTopic", ""), ("sns:action/ListTopics", "", "?a=DeleteTopic"),
            ("sns:path/", "Action=ListTopics&Action=DeleteTopic", ""),
            ("sns:path/", "Action=ListTopics", "?a=DeleteTopic"),
        ])
    func otherAction(_ uri: String, _ body: String, _ query: String) throws {
        let mapped =
            query.isEmpty
            ? "" : #", "requestParameters": {"integration.request.querystring.Action": "method.request.querystring.a"}"#
        let response = try ServiceTrial(uri, more: mapped).trial.answer(
            "POST", "/call\(query)", headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: body)
        #expect(response.status == 500)
        #expect(response.error?.detail?.contains("asks for the action `DeleteTopic`") == true, "\(response)")
    }

    @Test("a mapped target is the action that the policies are asked about")
    func mappedTarget() throws {
        let trial = try ServiceTrial(
            "dynamodb:action/GetItem",
            more:
                #", "requestParameters": {"integration.request.header.X-Amz-Target": "'DynamoDB_20120810.DeleteTable'"}"#,
            policy: ServiceTrial.allowing("dynamodb:GetItem"))
        #expect(try trial.trial.answer("POST", "/call").status == 403)
    }

    @Test(
        "neither mappings nor overrides change the host, nor what the signature writes",
        arguments: ["Host", "Authorization", "X-Amz-Date", "X-Amz-Security-Token", "x-amz-content-sha256"])
    func ownHeaders(_ name: String) throws {
        let trial = try ServiceTrial(
            "s3:path/b/k", "PUT",
            more: """
                , "requestTemplates": {"application/json": "#set($context.requestOverride.header['\(name)'] = 'evil')x"}
                """)
        let call = try trial.signed("PUT", body: Array("{}".utf8), service: "s3")
        #expect(call.headers.values(name).count == 1)
        #expect(!call.headers.all.contains { $0.value == "evil" })
        #expect(call.headers.first("Host") == "s3.us-east-1.amazonaws.com")
    }

    @Test(
        "keys of S3 with characters of all kinds are signed as they are sent",
        arguments: ["a b", "ü/é", "a+b", "100%", "50% off", "%zz", "~x!*'()", "a//b", "a=b&c", "[x]", "日本"])
    func specialKeys(_ key: String) throws {
        let trial = try ServiceTrial(
            "s3:path/b/{key}", "GET",
            more: #", "requestParameters": {"integration.request.path.key": "method.request.querystring.k"}"#)
        let encoded = key.utf8.map { "%" + (String($0, radix: 16).count < 2 ? "0" : "") + String($0, radix: 16) }
            .joined()
        let call = try trial.signed("GET", "/call?k=\(encoded)", service: "s3")
        #expect(call.target.hasPrefix("/b/"))
        let path = call.target.dropFirst(3).split(separator: "?").first.map(String.init) ?? ""
        #expect(path.removingPercentEncoding == key, "\(call.target)")
    }
}
