"""Every operation of API Gateway that the engine offers, once at least: `gateway.py URL KEY SECRET`."""
import datetime
import json
import sys

from model import Service

service = Service("apigateway", *sys.argv[1:4])
do = service.do


def patch(path, value=None, op="replace"):
    operation = {"op": op, "path": path}
    if value is not None:
        operation["value"] = value
    return [operation]


def same(left, right):
    if left != right:
        service.problems.append("%r is not %r" % (left, right))


def definition(do, api):
    """What an API is made of."""
    on = {"restApiId": api["id"]}
    root = do("GetResources", **on)["items"][0]["id"]
    pets = do("CreateResource", parentId=root, pathPart="pets", **on)
    pet = do("CreateResource", parentId=pets["id"], pathPart="{id}", **on)
    same(do("GetResource", resourceId=pet["id"], **on)["path"], "/pets/{id}")
    do("UpdateResource", resourceId=pets["id"], patchOperations=patch("/pathPart", "animals"), **on)
    do("UpdateResource", resourceId=pets["id"], patchOperations=patch("/pathPart", "pets"), **on)
    model = do("CreateModel", name="Pet", contentType="application/json", description="a pet", **on,
               schema=json.dumps({"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}))
    same(do("GetModel", modelName="Pet", **on)["id"], model["id"])
    same(do("GetModel", modelName="Pet", flatten=True, **on)["name"], "Pet")
    do("GetModels", limit=1, **on)
    do("GetModelTemplate", modelName="Pet", **on)
    do("UpdateModel", modelName="Pet", patchOperations=patch("/description", "an animal"), **on)
    validator = do("CreateRequestValidator", name="all", validateRequestBody=True, validateRequestParameters=True, **on)
    do("GetRequestValidator", requestValidatorId=validator["id"], **on)
    same(len(do("GetRequestValidators", **on)["items"]), 1)
    do("UpdateRequestValidator", requestValidatorId=validator["id"],
       patchOperations=patch("/validateRequestBody", "false"), **on)
    function = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" \
        "arn:aws:lambda:us-east-1:123456789012:function:who/invocations"
    authorizer = do("CreateAuthorizer", name="who", type="TOKEN", authorizerUri=function, authType="custom",
                    identitySource="method.request.header.Authorization", authorizerResultTtlInSeconds=60,
                    identityValidationExpression="^Bearer .*$", **on)
    do("GetAuthorizer", authorizerId=authorizer["id"], **on)
    same(len(do("GetAuthorizers", **on)["items"]), 1)
    do("UpdateAuthorizer", authorizerId=authorizer["id"], **on,
       patchOperations=patch("/authorizerResultTtlInSeconds", "0"))
    do("TestInvokeAuthorizer", authorizerId=authorizer["id"], headers={"Authorization": "Bearer a"}, **on)

    get = {"resourceId": pet["id"], "httpMethod": "GET", **on}
    do("PutMethod", authorizationType="NONE", apiKeyRequired=True, operationName="getPet",
       requestParameters={"method.request.path.id": True, "method.request.querystring.q": False},
       requestModels={"application/json": "Pet"}, requestValidatorId=validator["id"], **get)
    do("UpdateMethod", patchOperations=patch("/apiKeyRequired", "false"), **get)
    do("PutMethodResponse", statusCode="200", responseModels={"application/json": "Pet"},
       responseParameters={"method.response.header.X": True}, **get)
    do("UpdateMethodResponse", statusCode="200", **get,
       patchOperations=patch("/responseParameters/method.response.header.Y", "false", op="add"))
    do("GetMethodResponse", statusCode="200", **get)
    do("PutIntegration", type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'},
       passthroughBehavior="WHEN_NO_TEMPLATES", timeoutInMillis=5000, cacheNamespace="pets",
       cacheKeyParameters=["method.request.path.id"], **get)
    do("UpdateIntegration", patchOperations=patch("/timeoutInMillis", "6000"), **get)
    do("PutIntegrationResponse", statusCode="200", selectionPattern="", **get,
       responseParameters={"method.response.header.X": "'x'"}, responseTemplates={"application/json": '{"id": 1}'})
    do("UpdateIntegrationResponse", statusCode="200", **get,
       patchOperations=patch("/responseTemplates/application~1json", '{"id": 2}'))
    do("GetIntegrationResponse", statusCode="200", **get)
    do("GetIntegration", **get)
    method = do("GetMethod", **get)
    same(method["methodIntegration"]["integrationResponses"]["200"]["responseTemplates"]["application/json"],
         '{"id": 2}')
    invoked = do("TestInvokeMethod", pathWithQueryString="/pets/1", headers={"Accept": "application/json"}, **get)
    same((invoked["status"], invoked["body"]), (200, '{"id": 2}'))
    same(do("GetResources", embed=["methods"], limit=500, **on)["items"][-1]["resourceMethods"]["GET"]["httpMethod"],
         "GET")
    post = {"resourceId": pets["id"], "httpMethod": "POST", **on}
    do("PutMethod", authorizationType="CUSTOM", authorizerId=authorizer["id"], **post)
    do("PutIntegration", type="HTTP", integrationHttpMethod="POST", uri="http://127.0.0.1:9/pets",
       credentials="arn:aws:iam::123456789012:role/gateway", contentHandling="CONVERT_TO_TEXT",
       connectionType="INTERNET", tlsConfig={"insecureSkipVerification": False},
       requestParameters={"integration.request.header.X": "'x'"}, **post)
    do("PutMethodResponse", statusCode="400", **post)
    do("PutIntegrationResponse", statusCode="400", selectionPattern="4..", contentHandling="CONVERT_TO_BINARY", **post)
    do("DeleteIntegrationResponse", statusCode="400", **post)
    do("DeleteMethodResponse", statusCode="400", **post)
    do("DeleteIntegration", **post)
    do("DeleteMethod", **post)
    do("DeleteAuthorizer", authorizerId=authorizer["id"], **on)

    do("PutGatewayResponse", responseType="THROTTLED", statusCode="503", responseTemplates={"application/json": "{}"},
       responseParameters={"gatewayresponse.header.X": "'x'"}, **on)
    do("UpdateGatewayResponse", responseType="THROTTLED", patchOperations=patch("/statusCode", "429"), **on)
    do("GetGatewayResponse", responseType="THROTTLED", **on)
    do("GetGatewayResponse", responseType="QUOTA_EXCEEDED", **on)
    same(len(do("GetGatewayResponses", limit=500, **on)["items"]), 21)

    part = do("CreateDocumentationPart", location={"type": "METHOD", "path": "/pets/{id}", "method": "GET"},
              properties=json.dumps({"description": "one pet"}), **on)
    do("GetDocumentationPart", documentationPartId=part["id"], **on)
    do("UpdateDocumentationPart", documentationPartId=part["id"], **on,
       patchOperations=patch("/properties", json.dumps({"description": "a pet"})))
    same(len(do("GetDocumentationParts", type="METHOD", locationStatus="DOCUMENTED", **on)["items"]), 1)
    do("ImportDocumentationParts", mode="merge", **on, body=json.dumps({"documentationParts": [
        {"location": {"type": "API"}, "properties": {"description": "pets"}}]}))
    do("CreateDocumentationVersion", documentationVersion="1", description="first", **on)
    do("UpdateDocumentationVersion", documentationVersion="1", patchOperations=patch("/description", "one"), **on)
    do("GetDocumentationVersion", documentationVersion="1", **on)
    same(len(do("GetDocumentationVersions", **on)["items"]), 1)


def deployment(do, api):
    """What callers see of it."""
    on = {"restApiId": api["id"]}
    certificate = do("GenerateClientCertificate", description="ours", tags={"team": "a"})
    do("GetClientCertificate", clientCertificateId=certificate["clientCertificateId"])
    do("UpdateClientCertificate", clientCertificateId=certificate["clientCertificateId"],
       patchOperations=patch("/description", "mine"))
    same(len(do("GetClientCertificates")["items"]), 1)
    first = do("CreateDeployment", stageName="test", stageDescription="t", description="first", tracingEnabled=False,
               variables={"tier": "gold"}, cacheClusterEnabled=False, **on)
    second = do("CreateDeployment", description="second", **on)
    same(do("GetDeployment", deploymentId=second["id"], embed=["apisummary"], **on)["apiSummary"]
         ["/pets/{id}"]["GET"]["apiKeyRequired"], False)
    same(len(do("GetDeployments", **on)["items"]), 2)
    do("UpdateDeployment", deploymentId=second["id"], patchOperations=patch("/description", "later"), **on)
    do("CreateStage", stageName="prod", deploymentId=second["id"], description="p", variables={"tier": "iron"},
       documentationVersion="1", tracingEnabled=True, cacheClusterEnabled=False, tags={"team": "a"},
       canarySettings={"percentTraffic": 10, "deploymentId": first["id"], "useStageCache": False,
                       "stageVariableOverrides": {"tier": "tin"}}, **on)
    do("UpdateStage", stageName="prod", **on,
       patchOperations=patch("/*/*/throttling/rateLimit", "5") + patch("/*/*/logging/loglevel", "INFO")
       + patch("/clientCertificateId", certificate["clientCertificateId"])
       + patch("/accessLogSettings/format", "$context.requestId")
       + patch("/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:123456789012:log-group:a"))
    do("GetStage", stageName="prod", **on)
    same(len(do("GetStages", deploymentId=second["id"], **on)["item"]), 1)
    do("FlushStageCache", stageName="prod", **on)
    do("FlushStageAuthorizersCache", stageName="prod", **on)
    for kind in ("oas30", "swagger"):
        for accepts in ("application/json", "application/yaml"):
            do("GetExport", stageName="test", exportType=kind, accepts=accepts, **on,
               parameters={"extensions": "integrations,authorizers,documentation"})
    return first, second, certificate


def access(do, api):
    """Keys, plans and names."""
    stage = {"apiId": api["id"], "stage": "test"}
    key = do("CreateApiKey", name="team", description="d", enabled=True, value="a-value-of-twenty-and-more",
             customerId="c", tags={"team": "a"}, generateDistinctId=True)
    same(do("GetApiKey", apiKey=key["id"], includeValue=True)["value"], "a-value-of-twenty-and-more")
    same("value" in do("GetApiKey", apiKey=key["id"]), False)
    same(len(do("GetApiKeys", nameQuery="te", customerId="c", includeValues=True)["items"]), 1)
    do("UpdateApiKey", apiKey=key["id"], patchOperations=patch("/enabled", "false"))
    imported = do("ImportApiKeys", format="csv", failOnWarnings=True,
                  body=b"name,key,description,enabled\nother,another-value-of-twenty,d,true\n")
    do("DeleteApiKey", apiKey=imported["ids"][0])
    plan = do("CreateUsagePlan", name="gold", description="d", apiStages=[stage], tags={"team": "a"},
              throttle={"rateLimit": 10, "burstLimit": 5}, quota={"limit": 100, "period": "DAY", "offset": 0})
    do("GetUsagePlan", usagePlanId=plan["id"])
    do("UpdateUsagePlan", usagePlanId=plan["id"], patchOperations=patch("/throttle/rateLimit", "20"))
    member = do("CreateUsagePlanKey", usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    same(member["value"], "a-value-of-twenty-and-more")
    do("GetUsagePlanKey", usagePlanId=plan["id"], keyId=key["id"])
    same(len(do("GetUsagePlanKeys", usagePlanId=plan["id"])["items"]), 1)
    same(len(do("GetUsagePlans", keyId=key["id"])["items"]), 1)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    do("UpdateUsage", usagePlanId=plan["id"], keyId=key["id"], patchOperations=patch("/remaining", "40"))
    usage = do("GetUsage", usagePlanId=plan["id"], keyId=key["id"], startDate=today, endDate=today)
    same(usage["items"], {key["id"]: [[0, 40]]})

    name = {"domainName": "api.example.com"}
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    domain = do("CreateDomainName", regionalCertificateArn=certificate, endpointConfiguration={"types": ["REGIONAL"]},
                securityPolicy="TLS_1_2", tags={"team": "a"}, **name)
    same(domain["domainNameStatus"], "AVAILABLE")
    do("GetDomainName", **name)
    same(len(do("GetDomainNames", resourceOwner="SELF")["items"]), 1)
    do("UpdateDomainName", patchOperations=patch("/securityPolicy", "TLS_1_0"), **name)
    do("CreateBasePathMapping", basePath="v1", restApiId=api["id"], stage="test", **name)
    do("GetBasePathMapping", basePath="v1", **name)
    same(len(do("GetBasePathMappings", **name)["items"]), 1)
    do("UpdateBasePathMapping", basePath="v1", patchOperations=patch("/stage", "prod"), **name)
    do("DeleteBasePathMapping", basePath="v1", **name)
    do("DeleteDomainName", **name)

    link = do("CreateVpcLink", name="inside", description="d", tags={"team": "a"},
              targetArns=["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/a/0123456789abcdef"])
    do("GetVpcLink", vpcLinkId=link["id"])
    same(len(do("GetVpcLinks")["items"]), 1)
    do("UpdateVpcLink", vpcLinkId=link["id"], patchOperations=patch("/description", "x"))
    do("DeleteVpcLink", vpcLinkId=link["id"])

    do("DeleteUsagePlanKey", usagePlanId=plan["id"], keyId=key["id"])
    do("UpdateUsagePlan", usagePlanId=plan["id"], patchOperations=patch("/apiStages", "%s:test" % api["id"], "remove"))
    do("DeleteUsagePlan", usagePlanId=plan["id"])
    do("DeleteApiKey", apiKey=key["id"])


def main():
    do("GetAccount")
    do("UpdateAccount", patchOperations=patch("/cloudwatchRoleArn", "arn:aws:iam::123456789012:role/logs"))
    same(do("GetAccount")["cloudwatchRoleArn"], "arn:aws:iam::123456789012:role/logs")
    api = do("CreateRestApi", name="pets", description="d", version="1", binaryMediaTypes=["image/png"],
             minimumCompressionSize=100, apiKeySource="HEADER", endpointConfiguration={"types": ["REGIONAL"]},
             tags={"team": "a"}, disableExecuteApiEndpoint=False)
    on = {"restApiId": api["id"]}
    do("UpdateRestApi", patchOperations=patch("/description", "x"), **on)
    same(do("GetRestApi", **on)["description"], "x")
    definition(do, api)
    first, second, certificate = deployment(do, api)
    access(do, api)
    arn = "arn:aws:apigateway:us-east-1::/restapis/" + str(api["id"])
    do("TagResource", resourceArn=arn, tags={"owner": "b"})
    same(do("GetTags", resourceArn=arn)["tags"], {"team": "a", "owner": "b"})
    do("UntagResource", resourceArn=arn, tagKeys=["team"])
    same(do("GetTags", resourceArn=arn)["tags"], {"owner": "b"})

    document = {"openapi": "3.0.1", "info": {"title": "other", "version": "1"}, "paths": {"/a": {"get": {
        "responses": {"200": {"description": "ok"}},
        "x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{}"}}}}}}
    other = do("ImportRestApi", body=json.dumps(document), failOnWarnings=True,
               parameters={"endpointConfigurationTypes": "REGIONAL"})
    document["info"]["title"] = "third"
    same(do("PutRestApi", restApiId=other["id"], mode="overwrite", body=json.dumps(document))["name"], "third")
    same(len(do("GetRestApis", limit=500)["items"]), 2)
    do("DeleteRestApi", restApiId=other["id"])

    do("DeleteStage", stageName="prod", **on)
    do("DeleteStage", stageName="test", **on)
    do("DeleteDeployment", deploymentId=second["id"], **on)
    do("DeleteDeployment", deploymentId=first["id"], **on)
    do("DeleteClientCertificate", clientCertificateId=certificate["clientCertificateId"])
    do("DeleteDocumentationVersion", documentationVersion="1", **on)
    for part in do("GetDocumentationParts", **on)["items"]:
        do("DeleteDocumentationPart", documentationPartId=part["id"], **on)
    do("DeleteGatewayResponse", responseType="THROTTLED", **on)
    for resource in do("GetResources", **on)["items"]:
        if resource["path"] == "/pets/{id}":
            do("DeleteMethod", resourceId=resource["id"], httpMethod="GET", **on)
    do("DeleteModel", modelName="Pet", **on)
    for validator in do("GetRequestValidators", **on)["items"]:
        do("DeleteRequestValidator", requestValidatorId=validator["id"], **on)
    for resource in do("GetResources", **on)["items"]:
        if resource["path"] == "/pets":
            do("DeleteResource", resourceId=resource["id"], **on)
    do("DeleteRestApi", **on)
    service.refused("NotFoundException", "GetRestApi", **on)
    association = "arn:aws:apigateway:us-east-1:123456789012:/domainnameaccessassociations/domainname/a/vpcesource/b"
    service.refused("BadRequestException", "GetSdkTypes")
    service.refused("BadRequestException", "GetSdkType", id="javascript")
    service.refused("BadRequestException", "GetSdk", stageName="a", sdkType="javascript", **on)
    service.refused("BadRequestException", "GetDomainNameAccessAssociations")
    service.refused("BadRequestException", "DeleteDomainNameAccessAssociation",
                    domainNameAccessAssociationArn=association)
    service.refused("BadRequestException", "RejectDomainNameAccessAssociation", domainNameArn="a",
                    domainNameAccessAssociationArn=association)
    service.refused("BadRequestException", "CreateDomainNameAccessAssociation", domainNameArn="a",
                    accessAssociationSourceType="VPCE", accessAssociationSource="b")


main()
print("ok" if service.end() else "not ok")
