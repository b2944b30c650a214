// Made by scripts/managed-policies; origin and licence: docs/managed-policies.md.

extension ManagedPolicies {
    /// Policies that fit in this file.
    static let short: [ManagedPolicy] = [
        ManagedPolicy(
            name: "AdministratorAccess",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2015-02-06T18:39:46+00:00",
            updateDate: "2015-02-06T18:39:46+00:00",
            description: "Full access to all services and resources.",
            text: """
                {"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "PowerUserAccess",
            path: "/",
            defaultVersionID: "v12",
            createDate: "2015-02-06T18:39:47+00:00",
            updateDate: "2026-02-12T17:59:14+00:00",
            description: "Full access to all services and resources, without management of users and groups.",
            text: """
                {"Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"A\
                ction":["account:GetAccountInformation","account:GetGovCloudAccountInformation","account:GetPrimaryEmai\
                l","account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","o\
                rganizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Effect":"Allow","Resource"\
                :"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AmazonAPIGatewayAdministrator",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2015-07-09T17:34:45+00:00",
            updateDate: "2015-07-09T17:34:45+00:00",
            description: "Full access to the management of API Gateway.",
            text: """
                {"Statement":[{"Action":["apigateway:*"],"Effect":"Allow","Resource":"arn:aws:apigateway:*::/*"}],"Vers\
                ion":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AmazonAPIGatewayInvokeFullAccess",
            path: "/",
            defaultVersionID: "v2",
            createDate: "2015-07-09T17:36:12+00:00",
            updateDate: "2018-12-18T18:25:10+00:00",
            description: "May call every API of API Gateway.",
            text: """
                {"Statement":[{"Action":["execute-api:Invoke","execute-api:ManageConnections"],"Effect":"Allow","Resour\
                ce":"arn:aws:execute-api:*:*:*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AmazonAPIGatewayPushToCloudWatchLogs",
            path: "/service-role/",
            defaultVersionID: "v1",
            createDate: "2015-11-11T23:41:46+00:00",
            updateDate: "2015-11-11T23:41:46+00:00",
            description: "Lets API Gateway write logs to CloudWatch Logs.",
            text: """
                {"Statement":[{"Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:DescribeLogGroups","logs:De\
                scribeLogStreams","logs:PutLogEvents","logs:GetLogEvents","logs:FilterLogEvents"],"Effect":"Allow","Res\
                ource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambda_FullAccess",
            path: "/",
            defaultVersionID: "v7",
            createDate: "2020-11-17T21:14:08+00:00",
            updateDate: "2026-02-12T18:00:51+00:00",
            description: "Full access to Lambda and to what its console needs.",
            text: """
                {"Statement":[{"Action":["cloudformation:DescribeStacks","cloudformation:ListStackResources","cloudwatc\
                h:ListMetrics","cloudwatch:GetMetricData","ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:Descr\
                ibeVpcs","kms:DescribeKey","kms:ListAliases","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole","iam:\
                GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles","lambda:*","logs:D\
                escribeLogGroups","states:DescribeStateMachine","states:ListStateMachines","tag:GetResources","xray:Get\
                TraceSummaries","xray:BatchGetTraces"],"Effect":"Allow","Resource":"*"},{"Action":"iam:PassRole","Condi\
                tion":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}},"Effect":"Allow","Resource":"*"},\
                {"Action":["logs:DescribeLogStreams","logs:GetLogEvents","logs:FilterLogEvents","logs:StartLiveTail","l\
                ogs:StopLiveTail"],"Effect":"Allow","Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"},{"Action":"i\
                am:CreateServiceLinkedRole","Condition":{"StringEquals":{"iam:AWSServiceName":"lambda.amazonaws.com"}},\
                "Effect":"Allow","Resource":"arn:aws:iam::*:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleFo\
                rLambda"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambda_ReadOnlyAccess",
            path: "/",
            defaultVersionID: "v5",
            createDate: "2020-11-17T21:10:32+00:00",
            updateDate: "2026-02-12T18:02:55+00:00",
            description: "Read access to Lambda and to what its console shows.",
            text: """
                {"Statement":[{"Action":["cloudformation:DescribeStacks","cloudformation:ListStacks","cloudformation:Li\
                stStackResources","cloudwatch:GetMetricData","cloudwatch:ListMetrics","ec2:DescribeSecurityGroups","ec2\
                :DescribeSubnets","ec2:DescribeVpcs","kms:ListAliases","iam:GetPolicy","iam:GetPolicyVersion","iam:GetR\
                ole","iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles","logs:De\
                scribeLogGroups","lambda:Get*","lambda:List*","states:DescribeStateMachine","states:ListStateMachines",\
                "tag:GetResources","xray:GetTraceSummaries","xray:BatchGetTraces"],"Effect":"Allow","Resource":"*"},{"A\
                ction":["logs:DescribeLogStreams","logs:GetLogEvents","logs:FilterLogEvents","logs:StartQuery","logs:St\
                opQuery","logs:DescribeQueries","logs:GetLogGroupFields","logs:GetLogRecord","logs:GetQueryResults","lo\
                gs:StartLiveTail","logs:StopLiveTail"],"Effect":"Allow","Resource":"arn:aws:logs:*:*:log-group:/aws/lam\
                bda/*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaBasicExecutionRole",
            path: "/service-role/",
            defaultVersionID: "v1",
            createDate: "2015-04-09T15:03:43+00:00",
            updateDate: "2015-04-09T15:03:43+00:00",
            description: "Lets a function write its logs to CloudWatch Logs.",
            text: """
                {"Statement":[{"Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Al\
                low","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaDynamoDBExecutionRole",
            path: "/service-role/",
            defaultVersionID: "v1",
            createDate: "2015-04-09T15:09:29+00:00",
            updateDate: "2015-04-09T15:09:29+00:00",
            description: "Lets a function read streams of DynamoDB and write its logs.",
            text: """
                {"Statement":[{"Action":["dynamodb:DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator","d\
                ynamodb:ListStreams","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Allow"\
                ,"Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaENIManagementAccess",
            path: "/service-role/",
            defaultVersionID: "v2",
            createDate: "2016-12-06T00:37:27+00:00",
            updateDate: "2020-10-01T20:07:26+00:00",
            description: "Lets a function manage network interfaces in a VPC.",
            text: """
                {"Statement":[{"Action":["ec2:CreateNetworkInterface","ec2:DescribeNetworkInterfaces","ec2:DeleteNetwor\
                kInterface","ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],"Effect":"Allow","Resource\
                ":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaExecute",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2015-02-06T18:40:46+00:00",
            updateDate: "2015-02-06T18:40:46+00:00",
            description: "Put and get access to S3, full access to CloudWatch Logs.",
            text: """
                {"Statement":[{"Action":["logs:*"],"Effect":"Allow","Resource":"arn:aws:logs:*:*:*"},{"Action":["s3:Get\
                Object","s3:PutObject"],"Effect":"Allow","Resource":"arn:aws:s3:::*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaInvocation-DynamoDB",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2015-02-06T18:40:47+00:00",
            updateDate: "2015-02-06T18:40:47+00:00",
            description: "Invokes functions and reads streams of DynamoDB.",
            text: """
                {"Statement":[{"Action":["lambda:InvokeFunction"],"Effect":"Allow","Resource":"*"},{"Action":["dynamodb\
                :DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator","dynamodb:ListStreams"],"Effect":"Al\
                low","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaKinesisExecutionRole",
            path: "/service-role/",
            defaultVersionID: "v2",
            createDate: "2015-04-09T15:14:16+00:00",
            updateDate: "2018-11-19T20:09:24+00:00",
            description: "Lets a function read streams of Kinesis and write its logs.",
            text: """
                {"Statement":[{"Action":["kinesis:DescribeStream","kinesis:DescribeStreamSummary","kinesis:GetRecords",\
                "kinesis:GetShardIterator","kinesis:ListShards","kinesis:ListStreams","kinesis:SubscribeToShard","logs:\
                CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Allow","Resource":"*"}],"Version"\
                :"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaMSKExecutionRole",
            path: "/service-role/",
            defaultVersionID: "v2",
            createDate: "2020-08-11T17:35:05+00:00",
            updateDate: "2022-08-02T20:08:02+00:00",
            description: "Lets a function reach MSK in a VPC and write its logs.",
            text: """
                {"Statement":[{"Action":["kafka:DescribeCluster","kafka:DescribeClusterV2","kafka:GetBootstrapBrokers",\
                "ec2:CreateNetworkInterface","ec2:DescribeNetworkInterfaces","ec2:DescribeVpcs","ec2:DeleteNetworkInter\
                face","ec2:DescribeSubnets","ec2:DescribeSecurityGroups","logs:CreateLogGroup","logs:CreateLogStream","\
                logs:PutLogEvents"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaRole",
            path: "/service-role/",
            defaultVersionID: "v1",
            createDate: "2015-02-06T18:41:28+00:00",
            updateDate: "2015-02-06T18:41:28+00:00",
            description: "Lets a service invoke functions.",
            text: """
                {"Statement":[{"Action":["lambda:InvokeFunction"],"Effect":"Allow","Resource":["*"]}],"Version":"2012-1\
                0-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaSQSQueueExecutionRole",
            path: "/service-role/",
            defaultVersionID: "v1",
            createDate: "2018-06-14T21:50:45+00:00",
            updateDate: "2018-06-14T21:50:45+00:00",
            description: "Lets a function take messages from SQS and write its logs.",
            text: """
                {"Statement":[{"Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes","logs:Create\
                LogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Allow","Resource":"*"}],"Version":"2012\
                -10-17"}
                """),
        ManagedPolicy(
            name: "AWSLambdaVPCAccessExecutionRole",
            path: "/service-role/",
            defaultVersionID: "v3",
            createDate: "2016-02-11T23:15:26+00:00",
            updateDate: "2024-01-05T22:38:26+00:00",
            description: "Lets a function reach resources in a VPC and write its logs.",
            text: """
                {"Statement":[{"Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNe\
                tworkInterface","ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets","ec2:DeleteNetworkInterface","ec2\
                :AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],"Effect":"Allow","Resource":"*","Sid":"AWS\
                LambdaVPCAccessExecutionPermissions"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMFullAccess",
            path: "/",
            defaultVersionID: "v2",
            createDate: "2015-02-06T18:40:38+00:00",
            updateDate: "2019-06-21T19:40:00+00:00",
            description: "Full access to IAM.",
            text: """
                {"Statement":[{"Action":["iam:*","organizations:DescribeAccount","organizations:DescribeOrganization","\
                organizations:DescribeOrganizationalUnit","organizations:DescribePolicy","organizations:ListChildren","\
                organizations:ListParents","organizations:ListPoliciesForTarget","organizations:ListRoots","organizatio\
                ns:ListPolicies","organizations:ListTargetsForPolicy"],"Effect":"Allow","Resource":"*"}],"Version":"201\
                2-10-17"}
                """),
        ManagedPolicy(
            name: "IAMReadOnlyAccess",
            path: "/",
            defaultVersionID: "v4",
            createDate: "2015-02-06T18:40:39+00:00",
            updateDate: "2018-01-25T19:11:27+00:00",
            description: "Read access to IAM.",
            text: """
                {"Statement":[{"Action":["iam:GenerateCredentialReport","iam:GenerateServiceLastAccessedDetails","iam:G\
                et*","iam:List*","iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Effect":"Allow","Resource":\
                "*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMUserChangePassword",
            path: "/",
            defaultVersionID: "v5",
            createDate: "2016-11-15T00:25:16+00:00",
            updateDate: "2026-02-12T17:58:57+00:00",
            description: "Lets a user change the own password.",
            text: """
                {"Statement":[{"Action":["iam:ChangePassword"],"Effect":"Allow","Resource":["arn:aws:iam::*:user/${aws:\
                username}","arn:aws:iam::*:user/*/${aws:username}"]},{"Action":["iam:GetAccountPasswordPolicy"],"Effect\
                ":"Allow","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMUserSSHKeys",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2015-07-09T17:08:54+00:00",
            updateDate: "2015-07-09T17:08:54+00:00",
            description: "Lets a user manage the own SSH keys.",
            text: """
                {"Statement":[{"Action":["iam:DeleteSSHPublicKey","iam:GetSSHPublicKey","iam:ListSSHPublicKeys","iam:Up\
                dateSSHPublicKey","iam:UploadSSHPublicKey"],"Effect":"Allow","Resource":"arn:aws:iam::*:user/${aws:user\
                name}"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMSelfManageServiceSpecificCredentials",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2016-12-22T17:25:18+00:00",
            updateDate: "2016-12-22T17:25:18+00:00",
            description: "Lets a user manage the own service-specific credentials.",
            text: """
                {"Statement":[{"Action":["iam:CreateServiceSpecificCredential","iam:ListServiceSpecificCredentials","ia\
                m:UpdateServiceSpecificCredential","iam:DeleteServiceSpecificCredential","iam:ResetServiceSpecificCrede\
                ntial"],"Effect":"Allow","Resource":"arn:aws:iam::*:user/${aws:username}"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMAccessAdvisorReadOnly",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2019-06-21T19:33:45+00:00",
            updateDate: "2019-06-21T19:33:45+00:00",
            description: "Read access to what access was used last.",
            text: """
                {"Statement":[{"Action":["iam:ListRoles","iam:ListUsers","iam:ListGroups","iam:ListPolicies","iam:ListP\
                oliciesGrantingServiceAccess","iam:GenerateServiceLastAccessedDetails","iam:GenerateOrganizationsAccess\
                Report","iam:GenerateCredentialReport","iam:GetRole","iam:GetPolicy","iam:GetServiceLastAccessedDetails\
                ","iam:GetServiceLastAccessedDetailsWithEntities","iam:GetOrganizationsAccessReport","organizations:Des\
                cribeAccount","organizations:DescribeOrganization","organizations:DescribeOrganizationalUnit","organiza\
                tions:DescribePolicy","organizations:ListChildren","organizations:ListParents","organizations:ListPolic\
                iesForTarget","organizations:ListRoots","organizations:ListPolicies","organizations:ListTargetsForPolic\
                y"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMAccessAnalyzerFullAccess",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2019-12-02T17:12:40+00:00",
            updateDate: "2019-12-02T17:12:40+00:00",
            description: "Full access to Access Analyzer.",
            text: """
                {"Statement":[{"Action":["access-analyzer:*"],"Effect":"Allow","Resource":"*"},{"Action":"iam:CreateSer\
                viceLinkedRole","Condition":{"StringEquals":{"iam:AWSServiceName":"access-analyzer.amazonaws.com"}},"Ef\
                fect":"Allow","Resource":"*"},{"Action":["organizations:DescribeAccount","organizations:DescribeOrganiz\
                ation","organizations:DescribeOrganizationalUnit","organizations:ListAccounts","organizations:ListAccou\
                ntsForParent","organizations:ListAWSServiceAccessForOrganization","organizations:ListChildren","organiz\
                ations:ListDelegatedAdministrators","organizations:ListOrganizationalUnitsForParent","organizations:Lis\
                tParents","organizations:ListRoots"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "IAMAccessAnalyzerReadOnlyAccess",
            path: "/",
            defaultVersionID: "v4",
            createDate: "2019-12-02T17:12:53+00:00",
            updateDate: "2024-07-18T17:49:04+00:00",
            description: "Read access to Access Analyzer.",
            text: """
                {"Statement":[{"Action":["access-analyzer:CheckAccessNotGranted","access-analyzer:CheckNoNewAccess","ac\
                cess-analyzer:CheckNoPublicAccess","access-analyzer:Get*","access-analyzer:List*","access-analyzer:Vali\
                datePolicy"],"Effect":"Allow","Resource":"*","Sid":"IAMAccessAnalyzerReadOnlyAccess"}],"Version":"2012-\
                10-17"}
                """),
        ManagedPolicy(
            name: "CloudWatchLogsFullAccess",
            path: "/",
            defaultVersionID: "v8",
            createDate: "2015-02-06T18:40:02+00:00",
            updateDate: "2026-02-12T18:00:33+00:00",
            description: "Full access to CloudWatch Logs.",
            text: """
                {"Statement":[{"Action":["logs:*","cloudwatch:GenerateQuery","cloudwatch:GenerateQueryResultsSummary","\
                observabilityadmin:GetS3TableIntegration","observabilityadmin:ListS3TableIntegrations","observabilityad\
                min:ListTelemetryPipelines"],"Effect":"Allow","Resource":"*","Sid":"CloudWatchLogsFullAccess"}],"Versio\
                n":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "CloudWatchLogsReadOnlyAccess",
            path: "/",
            defaultVersionID: "v12",
            createDate: "2015-02-06T18:40:03+00:00",
            updateDate: "2026-02-12T17:59:13+00:00",
            description: "Read access to CloudWatch Logs.",
            text: """
                {"Statement":[{"Action":["logs:Describe*","logs:Get*","logs:List*","logs:StartQuery","logs:StopQuery","\
                logs:TestMetricFilter","logs:FilterLogEvents","logs:StartLiveTail","logs:StopLiveTail","cloudwatch:Gene\
                rateQuery","cloudwatch:GenerateQueryResultsSummary","observabilityadmin:ListS3TableIntegrations","obser\
                vabilityadmin:GetS3TableIntegration","observabilityadmin:ListTelemetryPipelines"],"Effect":"Allow","Res\
                ource":"*","Sid":"CloudWatchLogsReadOnlyAccess"}],"Version":"2012-10-17"}
                """),
        ManagedPolicy(
            name: "CloudWatchLogsCrossAccountSharingConfiguration",
            path: "/",
            defaultVersionID: "v1",
            createDate: "2022-11-27T13:55:22+00:00",
            updateDate: "2022-11-27T13:55:22+00:00",
            description: "Manages the sharing of logs with another account.",
            text: """
                {"Statement":[{"Action":["logs:Link","oam:ListLinks"],"Effect":"Allow","Resource":"*"},{"Action":["oam:\
                DeleteLink","oam:GetLink","oam:TagResource"],"Effect":"Allow","Resource":"arn:aws:oam:*:*:link/*"},{"Ac\
                tion":["oam:CreateLink","oam:UpdateLink"],"Effect":"Allow","Resource":["arn:aws:oam:*:*:link/*","arn:aw\
                s:oam:*:*:sink/*"]}],"Version":"2012-10-17"}
                """),
    ]
}
