// Made by scripts/managed-policies; origin and licence: docs/managed-policies.md.

extension ManagedPolicies {
    static let apiGatewayServiceRolePolicy = ManagedPolicy(
        name: "APIGatewayServiceRolePolicy",
        path: "/aws-service-role/",
        defaultVersionID: "v9",
        createDate: "2017-10-20T17:23:10+00:00",
        updateDate: "2021-07-12T22:24:40+00:00",
        description: "What API Gateway may do with its service-linked role.",
        text: """
            {"Statement":[{"Action":["elasticloadbalancing:AddListenerCertificates","elasticloadbalancing:RemoveListene\
            rCertificates","elasticloadbalancing:ModifyListener","elasticloadbalancing:DescribeListeners","elasticloadb\
            alancing:DescribeLoadBalancers","xray:PutTraceSegments","xray:PutTelemetryRecords","xray:GetSamplingTargets\
            ","xray:GetSamplingRules","logs:CreateLogDelivery","logs:GetLogDelivery","logs:UpdateLogDelivery","logs:Del\
            eteLogDelivery","logs:ListLogDeliveries","servicediscovery:DiscoverInstances"],"Effect":"Allow","Resource":\
            ["*"]},{"Action":["firehose:DescribeDeliveryStream","firehose:PutRecord","firehose:PutRecordBatch"],"Effect\
            ":"Allow","Resource":"arn:aws:firehose:*:*:deliverystream/amazon-apigateway-*"},{"Action":["acm:DescribeCer\
            tificate","acm:GetCertificate"],"Effect":"Allow","Resource":"arn:aws:acm:*:*:certificate/*"},{"Action":"ec2\
            :CreateNetworkInterfacePermission","Effect":"Allow","Resource":"arn:aws:ec2:*:*:network-interface/*"},{"Act\
            ion":"ec2:CreateTags","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["Owner","VpcLinkId"]}},"Effe\
            ct":"Allow","Resource":"arn:aws:ec2:*:*:network-interface/*"},{"Action":["ec2:ModifyNetworkInterfaceAttribu\
            te","ec2:DeleteNetworkInterface","ec2:AssignPrivateIpAddresses","ec2:CreateNetworkInterface","ec2:DeleteNet\
            workInterfacePermission","ec2:DescribeNetworkInterfaces","ec2:DescribeAvailabilityZones","ec2:DescribeNetwo\
            rkInterfaceAttribute","ec2:DescribeVpcs","ec2:DescribeNetworkInterfacePermissions","ec2:UnassignPrivateIpAd\
            dresses","ec2:DescribeSubnets","ec2:DescribeRouteTables","ec2:DescribeSecurityGroups"],"Effect":"Allow","Re\
            source":"*"},{"Action":"servicediscovery:GetNamespace","Effect":"Allow","Resource":"arn:aws:servicediscover\
            y:*:*:namespace/*"},{"Action":"servicediscovery:GetService","Effect":"Allow","Resource":"arn:aws:servicedis\
            covery:*:*:service/*"}],"Version":"2012-10-17"}
            """)
}
