import Testing

@testable import DataPlane

/// Policies on one topic, queue, table, ... are no policies on another.
@Suite("resources of calls of AWS services")
struct ServiceResourceTests {
    private static let form = "application/x-www-form-urlencoded"
    private static let json = "application/json"
    private static let all = "us-east-1:123456789012"

    private static func status(
        _ uri: String, _ body: String, _ type: String, _ action: String, on resource: String, effect: String = "Allow"
    ) throws -> Int {
        let policy =
            effect == "Allow"
            ? ServiceTrial.allowing(action, on: resource)
            : """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
             {"Effect": "Deny", "Action": "\(action)", "Resource": "\(resource)"}]}
            """
        let outcome = try ServiceTrial(uri, policy: policy).trial.run(
            "POST", "/call", headers: [("Content-Type", type)], body: Array(body.utf8))
        switch outcome {
        case .called: return 0
        case .answered(let response): return response.status
        case .invoked: return -1
        }
    }

    /// Uri, body, the action of the policy, and the resource that it must be allowed on.
    private static let named: [(String, String, String, String)] = [
        ("sns:action/Publish", "TopicArn=arn:aws:sns:\(all):a&Message=m", "sns:Publish", "arn:aws:sns:\(all):a"),
        ("sns:action/Publish&TopicArn=arn:aws:sns:\(all):a", "", "sns:Publish", "arn:aws:sns:\(all):a"),
        ("sns:action/Publish", "TargetArn=arn:aws:sns:\(all):a", "sns:Publish", "arn:aws:sns:\(all):a"),
        ("sns:action/PublishBatch", "TopicArn=arn:aws:sns:\(all):a", "sns:Publish", "arn:aws:sns:\(all):a"),
        ("sns:action/CreateTopic", "Name=a", "sns:CreateTopic", "arn:aws:sns:\(all):a"),
        (
            "sqs:action/SendMessage", "QueueUrl=https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F210987654321%2Fq",
            "sqs:SendMessage", "arn:aws:sqs:us-east-1:210987654321:q"
        ),
        ("sqs:action/SendMessage", "QueueUrl=http://127.0.0.1:1/q", "sqs:SendMessage", "arn:aws:sqs:\(all):q"),
        ("sqs:path/123456789012/q", "Action=SendMessage&MessageBody=m", "sqs:SendMessage", "arn:aws:sqs:\(all):q"),
        ("sqs:action/GetQueueUrl", "QueueName=q", "sqs:GetQueueUrl", "arn:aws:sqs:\(all):q"),
        ("dynamodb:action/PutItem", #"{"TableName": "t"}"#, "dynamodb:PutItem", "arn:aws:dynamodb:\(all):table/t"),
        (
            "dynamodb:action/Query", #"{"TableName": "t", "IndexName": "i"}"#, "dynamodb:Query",
            "arn:aws:dynamodb:\(all):table/t/index/i"
        ),
        (
            "dynamodb:action/BatchGetItem", #"{"RequestItems": {"t": {}, "t2": {}}}"#, "dynamodb:BatchGetItem",
            "arn:aws:dynamodb:\(all):table/t*"
        ),
        (
            "dynamodb:action/TransactWriteItems", #"{"TransactItems": [{"Put": {"TableName": "t"}}]}"#,
            "dynamodb:PutItem", "arn:aws:dynamodb:\(all):table/t"
        ),
        ("kinesis:action/PutRecord", #"{"StreamName": "s"}"#, "kinesis:PutRecord", "arn:aws:kinesis:\(all):stream/s"),
        (
            "kinesis:action/PutRecord", #"{"StreamARN": "arn:aws:kinesis:\#(all):stream/s"}"#, "kinesis:PutRecord",
            "arn:aws:kinesis:\(all):stream/s"
        ),
        (
            "states:action/StartExecution", #"{"stateMachineArn": "arn:aws:states:\#(all):stateMachine:m"}"#,
            "states:StartExecution", "arn:aws:states:\(all):stateMachine:m"
        ),
        (
            "events:action/PutEvents", #"{"Entries": [{"EventBusName": "b"}, {"EventBusName": "b2"}]}"#,
            "events:PutEvents", "arn:aws:events:\(all):event-bus/b*"
        ),
        (
            "events:action/PutEvents", #"{"Entries": [{}]}"#, "events:PutEvents",
            "arn:aws:events:\(all):event-bus/default"
        ),
        ("events:action/PutRule", #"{"Name": "r"}"#, "events:PutRule", "arn:aws:events:\(all):rule/r"),
        ("ssm:action/GetParameter", #"{"Name": "/a/b:3"}"#, "ssm:GetParameter", "arn:aws:ssm:\(all):parameter/a/b"),
        (
            "ssm:action/GetParameters", #"{"Names": ["/a/b", "/a/c"]}"#, "ssm:GetParameters",
            "arn:aws:ssm:\(all):parameter/a/*"
        ),
    ]

    @Test("a policy on the resource that a request names lets it, one on another does not", arguments: named)
    func held(_ uri: String, _ body: String, _ action: String, _ resource: String) throws {
        let type = body.hasPrefix("{") ? Self.json : Self.form
        #expect(try Self.status(uri, body, type, action, on: resource) == 0, "\(uri) \(body)")
        #expect(try Self.status(uri, body, type, action, on: "*") == 0)
        #expect(try Self.status(uri, body, type, action, on: resource + "-other") == 403, "\(uri) \(body)")
        #expect(try Self.status(uri, body, type, action, on: resource, effect: "Deny") == 403, "\(uri) \(body)")
    }

    @Test(
        "every resource of a request must be allowed",
        arguments: [
            (
                "sns:action/Publish", "TopicArn=arn:aws:sns:\(all):a&TopicArn=arn:aws:sns:\(all):b", "sns",
                "sns:\(all):a"
            ),
            ("sqs:path/123456789012/q", "Action=SendMessage&QueueUrl=http://h/123456789012/r", "sqs", "sqs:\(all):q"),
            (
                "dynamodb:action/BatchGetItem", #"{"RequestItems": {"t": {}, "u": {}}}"#, "dynamodb",
                "dynamodb:\(all):table/t"
            ),
            (
                "dynamodb:action/TransactGetItems",
                #"{"TransactItems": [{"Get": {"TableName": "t"}}, {"Get": {"TableName": "u"}}]}"#, "dynamodb",
                "dynamodb:\(all):table/t"
            ),
            (
                "events:action/PutEvents", #"{"Entries": [{"EventBusName": "b"}, {}]}"#, "events",
                "events:\(all):event-bus/b"
            ),
            ("ssm:action/GetParameters", #"{"Names": ["/a", "/b"]}"#, "ssm", "ssm:\(all):parameter/a"),
        ])
    func every(_ uri: String, _ body: String, _ service: String, _ resource: String) throws {
        let type = body.hasPrefix("{") ? Self.json : Self.form
        #expect(try Self.status(uri, body, type, "\(service):*", on: "arn:aws:\(resource)") == 403)
    }

    @Test(
        "a request that names no resource, or is nearly JSON, needs a policy for all of them",
        arguments: [
            ("sns:action/ListTopics", "", "sns"), ("sns:action/Publish", "PhoneNumber=%2B4912345", "sns"),
            ("sqs:action/ListQueues", "", "sqs"), ("dynamodb:action/ListTables", "{}", "dynamodb"),
            ("dynamodb:action/PutItem", #"{"TableName": "t", "TableName": "u"}"#, "dynamodb"),
            ("dynamodb:action/TransactWriteItems", "{}", "dynamodb"), ("kinesis:action/ListStreams", "{}", "kinesis"),
            ("states:action/ListStateMachines", "{}", "states"), ("events:action/ListEventBuses", "{}", "events"),
            ("ssm:action/DescribeParameters", "{}", "ssm"),
        ])
    func nothingNamed(_ uri: String, _ body: String, _ service: String) throws {
        let type = body.hasPrefix("{") ? Self.json : Self.form
        #expect(try Self.status(uri, body, type, "\(service):*", on: "arn:aws:\(service):*:*:*") == 403)
        #expect(try Self.status(uri, body, type, "\(service):*", on: "*") == 0)
    }

    @Test("more resources than a call can have need a policy for all of them")
    func tooMany() throws {
        func body(_ count: Int) -> String {
            #"{"Names": ["# + (0..<count).map { "\"/a/\($0)\"" }.joined(separator: ",") + "]}"
        }
        for (count, status) in [(Limits.serviceResourcesMax, 0), (Limits.serviceResourcesMax + 1, 403)] {
            #expect(
                try Self.status(
                    "ssm:action/GetParameters", body(count), Self.json, "ssm:GetParameters",
                    on: "arn:aws:ssm:*:*:parameter/a/*") == status)
        }
    }

    @Test("an iterator stands for a stream that only the service knows: the action must be allowed on some")
    func iterators() throws {
        let body = #"{"ShardIterator": "AAAA"}"#
        let stream = "arn:aws:kinesis:\(Self.all):stream/s"
        #expect(try Self.status("kinesis:action/GetRecords", body, Self.json, "kinesis:GetRecords", on: stream) == 0)
        #expect(try Self.status("kinesis:action/GetRecords", body, Self.json, "kinesis:PutRecord", on: stream) == 403)
    }
}
