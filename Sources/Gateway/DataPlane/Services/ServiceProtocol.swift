/// How the actions of a service are asked for.
///
/// SOURCE: the API references of the services: versions, target prefixes, JSON versions.
enum ServiceProtocol: Sendable, Equatable {
    /// `Action` and `Version` among the parameters.
    case query(version: String)
    /// `X-Amz-Target`, and a body of JSON.
    case json(target: String, version: String)

    /// Nil for a service whose requests are told by method and path alone.
    static func of(_ service: String) -> ServiceProtocol? {
        if let version = queryVersions[service] { return .query(version: version) }
        return jsonTargets[service].map { .json(target: $0.prefix, version: $0.version) }
    }

    private static let queryVersions: [String: String] = [
        "autoscaling": "2011-01-01", "cloudformation": "2010-05-15", "ec2": "2016-11-15", "elasticache": "2015-02-02",
        "elasticloadbalancing": "2015-12-01", "email": "2010-12-01", "iam": "2010-05-08", "monitoring": "2010-08-01",
        "rds": "2014-10-31", "redshift": "2012-12-01", "sdb": "2009-04-15", "sns": "2010-03-31", "sqs": "2012-11-05",
        "sts": "2011-06-15",
    ]

    private static let jsonTargets: [String: (prefix: String, version: String)] = [
        "acm": ("CertificateManager", "1.1"), "application-autoscaling": ("AnyScaleFrontendService", "1.1"),
        "athena": ("AmazonAthena", "1.1"), "codebuild": ("CodeBuild_20161006", "1.1"),
        "codepipeline": ("CodePipeline_20150709", "1.1"), "cognito-identity": ("AWSCognitoIdentityService", "1.1"),
        "cognito-idp": ("AWSCognitoIdentityProviderService", "1.1"), "comprehend": ("Comprehend_20171127", "1.1"),
        "dynamodb": ("DynamoDB_20120810", "1.0"), "ecs": ("AmazonEC2ContainerServiceV20141113", "1.1"),
        "events": ("AWSEvents", "1.1"), "firehose": ("Firehose_20150804", "1.1"), "glue": ("AWSGlue", "1.1"),
        "kinesis": ("Kinesis_20131202", "1.1"), "kms": ("TrentService", "1.1"), "logs": ("Logs_20140328", "1.1"),
        "organizations": ("AWSOrganizationsV20161128", "1.1"), "rekognition": ("RekognitionService", "1.1"),
        "sagemaker": ("SageMaker", "1.1"), "secretsmanager": ("secretsmanager", "1.1"),
        "servicediscovery": ("Route53AutoNaming_v20170314", "1.1"), "ssm": ("AmazonSSM", "1.1"),
        "states": ("AWSStepFunctions", "1.0"), "streams.dynamodb": ("DynamoDBStreams_20120810", "1.0"),
        "support": ("AWSSupport_20130415", "1.1"), "swf": ("SimpleWorkflowService", "1.0"),
        "textract": ("Textract", "1.1"), "transcribe": ("Transcribe", "1.1"),
        "translate": ("AWSShineFrontendService_20170701", "1.1"),
    ]
}
