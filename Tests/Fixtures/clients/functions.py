"""Every operation of Lambda that the engine offers, once at least: `functions.py URL KEY SECRET`."""
import base64
import io
import json
import sys
import zipfile

from model import Service

service = Service("lambda", *sys.argv[1:4])
iam = Service("iam", *sys.argv[1:4])
do = service.do

BOOTSTRAP = """#!/bin/bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while true; do
    event=$(curl -sS -D "$TMPDIR/head" "$api/invocation/next") || exit 1
    id=$(grep -i '^lambda-runtime-aws-request-id:' "$TMPDIR/head" | tr -d '\\r' | cut -d' ' -f2)
    echo "seen $event"
    case $event in
        *crash*) exit 3 ;;
        *key*) curl -sS -X POST -d "\\"${AWS_ACCESS_KEY_ID:0:4} ${AWS_SESSION_TOKEN:+token} $GREETING\\"" "$api/invocation/$id/response" ;;
        *) curl -sS -X POST -d "{\\"said\\": $event, \\"as\\": \\"%s\\"}" "$api/invocation/$id/response" ;;
    esac >/dev/null
done
"""


def archive(mark, name="bootstrap", mode=0o755):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        file.writestr(entry, BOOTSTRAP.replace("%s", mark))
    return out.getvalue()


def same(left, right):
    if left != right:
        service.problems.append("%r is not %r" % (left, right))


refused = service.refused


def invoke(event, name="hello", **more):
    answer = do("Invoke", FunctionName=name, Payload=json.dumps(event).encode(), **more)
    return answer, answer["Payload"].read()


TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
role = iam.do("CreateRole", RoleName="runs", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
other = iam.do("CreateRole", RoleName="stranger", AssumeRolePolicyDocument=json.dumps(
    TRUST).replace("lambda", "ec2"))["Role"]["Arn"]
start = dict(FunctionName="hello", Runtime="provided.al2023", Handler="none", Role=role,
             Code={"ZipFile": archive("one")})
refused("InvalidParameterValueException", "CreateFunction", **dict(start, Role=other))
refused("InvalidParameterValueException", "CreateFunction", **dict(start, Code={"ZipFile": b"no archive"}))
refused("InvalidParameterValueException", "CreateFunction",
        **dict(start, Environment={"Variables": {"AWS_REGION": "x"}}))
refused("ValidationException", "CreateFunction", **dict(start, Runtime="cobol"))
refused("ResourceNotFoundException", "GetFunction", FunctionName="hello")
made = do("CreateFunction", Tags={"team": "a"}, Environment={"Variables": {"GREETING": "hi"}}, Timeout=5, **start)
refused("ResourceConflictException", "CreateFunction", **start)
arn = made["FunctionArn"]
same(arn, "arn:aws:lambda:us-east-1:123456789012:function:hello")
for name in ("hello", arn, "123456789012:function:hello", "function:hello"):
    same(do("GetFunction", FunctionName=name)["Configuration"]["CodeSha256"], made["CodeSha256"])
same(do("GetFunctionConfiguration", FunctionName="hello")["Environment"]["Variables"], {"GREETING": "hi"})
same([one["FunctionName"] for one in do("ListFunctions", MaxItems=1)["Functions"]], ["hello"])

answer, payload = invoke({"a": 1}, LogType="Tail")
same(json.loads(payload), {"said": {"a": 1}, "as": "one"})
same("FunctionError" in answer, False)
same(b"seen " in base64.b64decode(answer["LogResult"]), True)
same(invoke("key")[1], b'"ASIA token hi"')
answer, payload = invoke("crash")
same(answer["FunctionError"], "Unhandled")
same("errorType" in json.loads(payload), True)
same(invoke({}, InvocationType="Event")[0]["StatusCode"], 202)
same(invoke({}, InvocationType="DryRun")[0]["StatusCode"], 204)
refused("InvalidRequestContentException", "Invoke", FunctionName="hello", Payload=b"{")
refused("ResourceNotFoundException", "Invoke", FunctionName="nobody")
refused("ResourceNotFoundException", "Invoke", FunctionName="hello:nothing")

first = do("PublishVersion", FunctionName="hello", Description="the first")
same(first["Version"], "1")
same(do("PublishVersion", FunctionName="hello")["Version"], "1")
refused("PreconditionFailedException", "UpdateFunctionCode", FunctionName="hello", ZipFile=archive("two"), RevisionId="x")
changed = do("UpdateFunctionCode", FunctionName="hello", ZipFile=archive("two"))
same(changed["CodeSha256"] == made["CodeSha256"], False)
do("UpdateFunctionConfiguration", FunctionName="hello", MemorySize=256, Description="said twice")
same(do("PublishVersion", FunctionName="hello")["Version"], "2")
same(json.loads(invoke({})[1])["as"], "two")
same(json.loads(invoke({}, "hello:1")[1])["as"], "one")
same([one["Version"] for one in do("ListVersionsByFunction", FunctionName="hello")["Versions"]], ["$LATEST", "1", "2"])

refused("ResourceNotFoundException", "CreateAlias", FunctionName="hello", Name="live", FunctionVersion="9")
alias = do("CreateAlias", FunctionName="hello", Name="live", FunctionVersion="1")
same(alias["AliasArn"], arn + ":live")
refused("ResourceConflictException", "CreateAlias", FunctionName="hello", Name="live", FunctionVersion="1")
refused("ResourceConflictException", "DeleteFunction", FunctionName="hello", Qualifier="1")
answer, payload = invoke({}, Qualifier="live")
same((answer["ExecutedVersion"], json.loads(payload)["as"]), ("1", "one"))
do("UpdateAlias", FunctionName="hello", Name="live", FunctionVersion="2",
   RoutingConfig={"AdditionalVersionWeights": {"1": 1.0}})
same(json.loads(invoke({}, Qualifier="live")[1])["as"], "one")
same([one["Name"] for one in do("ListAliases", FunctionName="hello")["Aliases"]], ["live"])
do("GetAlias", FunctionName="hello", Name="live")

allow = dict(FunctionName="hello", StatementId="api", Action="lambda:InvokeFunction",
             Principal="apigateway.amazonaws.com", SourceArn="arn:aws:execute-api:us-east-1:123456789012:abc/*")
refused("ResourceNotFoundException", "GetPolicy", FunctionName="hello")
do("AddPermission", **allow)
refused("ResourceConflictException", "AddPermission", **allow)
refused("InvalidParameterValueException", "AddPermission", **dict(allow, StatementId="b", Principal="nobody"))
refused("ValidationException", "AddPermission", **dict(allow, StatementId="b", Action="lambda:Get*"))
statement = json.loads(do("GetPolicy", FunctionName="hello")["Policy"])["Statement"][0]
same(statement["Principal"], {"Service": "apigateway.amazonaws.com"})
same(statement["Condition"], {"ArnLike": {"AWS:SourceArn": allow["SourceArn"]}})
refused("ResourceNotFoundException", "RemovePermission", FunctionName="hello", StatementId="other")
do("RemovePermission", FunctionName="hello", StatementId="api")

do("PutFunctionConcurrency", FunctionName="hello", ReservedConcurrentExecutions=0)
refused("TooManyRequestsException", "Invoke", FunctionName="hello")
same(do("GetFunctionConcurrency", FunctionName="hello")["ReservedConcurrentExecutions"], 0)
do("DeleteFunctionConcurrency", FunctionName="hello")
do("TagResource", Resource=arn, Tags={"stage": "test"})
do("UntagResource", Resource=arn, TagKeys=["team"])
same(do("ListTags", Resource=arn)["Tags"], {"stage": "test"})

do("DeleteAlias", FunctionName="hello", Name="live")
do("DeleteFunction", FunctionName="hello", Qualifier="1")
do("DeleteFunction", FunctionName="hello")
refused("ResourceNotFoundException", "DeleteFunction", FunctionName="hello")
for problem in service.problems + iam.problems:
    print(problem)
print("ok %d" % len(service.called) if not service.problems + iam.problems else "not ok")
