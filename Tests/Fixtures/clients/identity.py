"""Every operation of IAM and STS that the engine offers, once at least: `identity.py URL KEY SECRET FOLDER`.

The engine finds the keys of the identity provider in the folder: `keys.json`.
"""
import base64
import csv
import hashlib
import hmac
import io
import json
import re
import struct
import subprocess
import sys
import time

from model import Service

URL, KEY, SECRET, FOLDER = sys.argv[1:5]
ACCOUNT = "123456789012"
TAGS = [{"Key": "team", "Value": "a"}]
iam, sts = Service("iam", URL, KEY, SECRET), Service("sts", URL, KEY, SECRET)
do = iam.do


def allow(*actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


def trust(action="sts:AssumeRole", **principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Principal": principal}]})


def same(left, right):
    if left != right:
        iam.problems.append("%r is not %r" % (left, right))


def openssl(*arguments, data=None):
    return subprocess.run(("openssl",) + arguments, input=data, capture_output=True, check=True).stdout


def tags(noun, **name):
    """Every kind of entity is tagged in the same way."""
    do("Tag" + noun, Tags=[{"Key": "team", "Value": "b"}, {"Key": "owner", "Value": "\u00fc"}], **name)
    same({tag["Key"]: tag["Value"] for tag in do("List%sTags" % noun, **name)["Tags"]}, {"team": "b", "owner": "\u00fc"})
    do("Untag" + noun, TagKeys=["owner"], **name)


def policies():
    policy = do("CreatePolicy", PolicyName="gateway", Path="/team/", Description="d", Tags=TAGS,
                PolicyDocument=allow("apigateway:*"))["Policy"]
    arn = {"PolicyArn": str(policy["Arn"])}
    do("CreatePolicyVersion", PolicyDocument=allow("apigateway:GET"), SetAsDefault=False, **arn)
    same(do("GetPolicyVersion", VersionId="v2", **arn)["PolicyVersion"]["Document"],
         json.loads(allow("apigateway:GET")))
    do("SetDefaultPolicyVersion", VersionId="v2", **arn)
    same(do("GetPolicy", **arn)["Policy"]["DefaultVersionId"], "v2")
    same(len(do("ListPolicyVersions", **arn)["Versions"]), 2)
    do("DeletePolicyVersion", VersionId="v1", **arn)
    tags("Policy", **arn)
    return arn


def principals(arn):
    do("CreateUser", UserName="dev", Path="/team/", Tags=TAGS, PermissionsBoundary=arn["PolicyArn"])
    do("UpdateUser", UserName="dev", NewPath="/ops/", NewUserName="ops")
    do("UpdateUser", UserName="ops", NewUserName="dev")
    same(do("GetUser", UserName="dev")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"], arn["PolicyArn"])
    do("DeleteUserPermissionsBoundary", UserName="dev")
    do("PutUserPermissionsBoundary", UserName="dev", PermissionsBoundary=arn["PolicyArn"])
    do("DeleteUserPermissionsBoundary", UserName="dev")
    do("CreateGroup", GroupName="admins", Path="/team/")
    do("UpdateGroup", GroupName="admins", NewPath="/ops/", NewGroupName="people")
    do("AddUserToGroup", GroupName="people", UserName="dev")
    same([user["UserName"] for user in do("GetGroup", GroupName="people")["Users"]], ["dev"])
    same(len(do("ListGroupsForUser", UserName="dev")["Groups"]), 1)
    role = do("CreateRole", RoleName="exec", Path="/team/", Description="d", MaxSessionDuration=7200, Tags=TAGS,
              PermissionsBoundary=arn["PolicyArn"],
              AssumeRolePolicyDocument=trust(Service="apigateway.amazonaws.com"))["Role"]
    same(role["AssumeRolePolicyDocument"], json.loads(trust(Service="apigateway.amazonaws.com")))
    do("DeleteRolePermissionsBoundary", RoleName="exec")
    do("PutRolePermissionsBoundary", RoleName="exec", PermissionsBoundary=arn["PolicyArn"])
    do("DeleteRolePermissionsBoundary", RoleName="exec")
    do("UpdateRole", RoleName="exec", Description="x", MaxSessionDuration=3600)
    do("UpdateRoleDescription", RoleName="exec", Description="y")
    do("UpdateAssumeRolePolicy", RoleName="exec",
       PolicyDocument=trust(["sts:AssumeRole", "sts:TagSession"], AWS="arn:aws:iam::%s:user/ops/dev" % ACCOUNT))
    same(do("GetRole", RoleName="exec")["Role"]["Description"], "y")
    for noun, name in (("User", "dev"), ("Group", "people"), ("Role", "exec")):
        name = {noun + "Name": name}
        do("Put%sPolicy" % noun, PolicyName="in", PolicyDocument=allow("iam:Get*", "iam:List*"), **name)
        same(do("Get%sPolicy" % noun, PolicyName="in", **name)["PolicyDocument"],
             json.loads(allow("iam:Get*", "iam:List*")))
        same(do("List%sPolicies" % noun, **name)["PolicyNames"], ["in"])
        do("Attach%sPolicy" % noun, **arn, **name)
        same(len(do("ListAttached%sPolicies" % noun, **name)["AttachedPolicies"]), 1)
    tags("User", UserName="dev")
    tags("Role", RoleName="exec")
    entities = do("ListEntitiesForPolicy", **arn)
    same([len(entities[name]) for name in ("PolicyGroups", "PolicyUsers", "PolicyRoles")], [1, 1, 1])
    profile = {"InstanceProfileName": "box"}
    do("CreateInstanceProfile", Path="/team/", Tags=TAGS, **profile)
    do("AddRoleToInstanceProfile", RoleName="exec", **profile)
    same(do("GetInstanceProfile", **profile)["InstanceProfile"]["Roles"][0]["RoleName"], "exec")
    tags("InstanceProfile", **profile)
    for operation, count in (("ListUsers", 1), ("ListGroups", 1), ("ListRoles", 1), ("ListInstanceProfiles", 1)):
        same(len(next(iter(do(operation, PathPrefix="/").values()), [])), count)
    same(len(do("ListInstanceProfilesForRole", RoleName="exec")["InstanceProfiles"]), 1)
    same(len(do("ListPolicies", Scope="Local", OnlyAttached=True)["Policies"]), 1)
    same(do("ListPolicies", Scope="AWS", MaxItems=3)["IsTruncated"], True)


def credentials():
    dev = {"UserName": "dev"}
    key = do("CreateAccessKey", **dev)["AccessKey"]
    do("UpdateAccessKey", AccessKeyId=key["AccessKeyId"], Status="Inactive", **dev)
    do("UpdateAccessKey", AccessKeyId=key["AccessKeyId"], Status="Active", **dev)
    same(len(do("ListAccessKeys", **dev)["AccessKeyMetadata"]), 1)
    same(do("GetAccessKeyLastUsed", AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]["ServiceName"], "N/A")
    do("UpdateAccountPasswordPolicy", MinimumPasswordLength=12, RequireSymbols=True, AllowUsersToChangePassword=True)
    same(do("GetAccountPasswordPolicy")["PasswordPolicy"]["MinimumPasswordLength"], 12)
    do("CreateLoginProfile", Password="Correct-Horse-1", PasswordResetRequired=False, **dev)
    do("GetLoginProfile", **dev)
    do("UpdateLoginProfile", Password="Correct-Horse-2", **dev)
    do("PutUserPolicy", PolicyName="own", PolicyDocument=allow("iam:ChangePassword"), **dev)
    own = Service("iam", URL, key["AccessKeyId"], key["SecretAccessKey"])
    own.do("ChangePassword", OldPassword="Correct-Horse-2", NewPassword="Correct-Horse-3")
    iam.called |= own.called
    iam.problems += own.problems
    do("DeleteUserPolicy", PolicyName="own", **dev)
    same(do("GetAccessKeyLastUsed", AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]["ServiceName"], "iam")

    device = do("CreateVirtualMFADevice", VirtualMFADeviceName="phone", Path="/team/", Tags=TAGS)["VirtualMFADevice"]
    serial = {"SerialNumber": str(device["SerialNumber"])}
    seed = base64.b32decode(device["Base32StringSeed"])

    def code(offset):
        mac = hmac.new(seed, struct.pack(">Q", int(time.time()) // 30 + offset), hashlib.sha1).digest()
        place = mac[19] & 15
        return "%06d" % ((struct.unpack(">I", mac[place:place + 4])[0] & 0x7fffffff) % 1000000)

    do("EnableMFADevice", AuthenticationCode1=code(-1), AuthenticationCode2=code(0), **dev, **serial)
    do("ResyncMFADevice", AuthenticationCode1=code(-1), AuthenticationCode2=code(0), **dev, **serial)
    do("GetMFADevice", **dev, **serial)
    same(len(do("ListMFADevices", **dev)["MFADevices"]), 1)
    same(len(do("ListVirtualMFADevices", AssignmentStatus="Assigned")["VirtualMFADevices"]), 1)
    tags("MFADevice", **serial)

    private = FOLDER + "/private.pem"
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private)
    certificate = openssl("req", "-x509", "-key", private, "-subj", "/CN=box", "-days", "30").decode()
    body = {"CertificateBody": certificate}
    server = do("UploadServerCertificate", ServerCertificateName="web", Path="/team/", Tags=TAGS, **body,
                PrivateKey=open(private).read())["ServerCertificateMetadata"]
    same(server["ServerCertificateName"], "web")
    same(do("GetServerCertificate", ServerCertificateName="web")["ServerCertificate"]["CertificateBody"].strip(),
         certificate.strip())
    tags("ServerCertificate", ServerCertificateName="web")
    do("UpdateServerCertificate", ServerCertificateName="web", NewServerCertificateName="site", NewPath="/")
    same(len(do("ListServerCertificates")["ServerCertificateMetadataList"]), 1)
    do("DeleteServerCertificate", ServerCertificateName="site")
    signing = do("UploadSigningCertificate", **body, **dev)["Certificate"]
    do("UpdateSigningCertificate", CertificateId=signing["CertificateId"], Status="Inactive", **dev)
    same(len(do("ListSigningCertificates", **dev)["Certificates"]), 1)
    do("DeleteSigningCertificate", CertificateId=signing["CertificateId"], **dev)

    public = openssl("rsa", "-in", private, "-pubout", "-outform", "DER")
    numbers = openssl("rsa", "-in", private, "-noout", "-modulus").decode()
    modulus = bytes.fromhex("00" + re.search("Modulus=([0-9A-F]+)", numbers).group(1))
    assert modulus[1:] in public
    blob = b"".join(struct.pack(">I", len(part)) + part for part in (b"ssh-rsa", b"\x01\x00\x01", modulus))
    ssh = do("UploadSSHPublicKey", SSHPublicKeyBody="ssh-rsa " + base64.b64encode(blob).decode(), **dev)["SSHPublicKey"]
    do("UpdateSSHPublicKey", SSHPublicKeyId=ssh["SSHPublicKeyId"], Status="Inactive", **dev)
    do("GetSSHPublicKey", SSHPublicKeyId=ssh["SSHPublicKeyId"], Encoding="SSH", **dev)
    same(len(do("ListSSHPublicKeys", **dev)["SSHPublicKeys"]), 1)
    do("DeleteSSHPublicKey", SSHPublicKeyId=ssh["SSHPublicKeyId"], **dev)

    special = do("CreateServiceSpecificCredential", ServiceName="codecommit.amazonaws.com",
                 **dev)["ServiceSpecificCredential"]
    name = {"ServiceSpecificCredentialId": str(special["ServiceSpecificCredentialId"]), **dev}
    do("UpdateServiceSpecificCredential", Status="Inactive", **name)
    do("ResetServiceSpecificCredential", **name)
    same(len(do("ListServiceSpecificCredentials", **dev)["ServiceSpecificCredentials"]), 1)
    do("DeleteServiceSpecificCredential", **name)
    return key, serial, code, private, certificate


def providers(certificate):
    url = "https://id.example.com"
    oidc = do("CreateOpenIDConnectProvider", Url=url, ClientIDList=["app"], ThumbprintList=["a" * 40], Tags=TAGS)
    arn = {"OpenIDConnectProviderArn": str(oidc["OpenIDConnectProviderArn"])}
    do("AddClientIDToOpenIDConnectProvider", ClientID="web", **arn)
    do("RemoveClientIDFromOpenIDConnectProvider", ClientID="web", **arn)
    do("UpdateOpenIDConnectProviderThumbprint", ThumbprintList=["b" * 40], **arn)
    same(do("GetOpenIDConnectProvider", **arn)["ThumbprintList"], ["b" * 40])
    same(len(do("ListOpenIDConnectProviders")["OpenIDConnectProviderList"]), 1)
    tags("OpenIDConnectProvider", **arn)
    body = "".join(certificate.strip().splitlines()[1:-1])
    metadata = """<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>%s</X509Certificate></X509Data></KeyInfo>
</KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
Location="https://idp.example.com/sso"/></IDPSSODescriptor></EntityDescriptor>""" % body
    saml = do("CreateSAMLProvider", Name="idp", SAMLMetadataDocument=metadata, Tags=TAGS)
    name = {"SAMLProviderArn": str(saml["SAMLProviderArn"])}
    do("UpdateSAMLProvider", SAMLMetadataDocument=metadata, **name)
    same(do("GetSAMLProvider", **name)["SAMLMetadataDocument"], metadata)
    same(len(do("ListSAMLProviders")["SAMLProviderList"]), 1)
    tags("SAMLProvider", **name)
    return url, arn, name


def web_token(private, claims):
    def encoded(part):
        return base64.urlsafe_b64encode(part).rstrip(b"=")

    modulus = openssl("rsa", "-in", private, "-noout", "-modulus").decode().split("=")[1].strip()
    with open(FOLDER + "/keys.json", "w") as file:
        json.dump({"keys": [{"kty": "RSA", "alg": "RS256", "e": "AQAB", "n": encoded(bytes.fromhex(modulus)).decode()}]},
                  file)
    text = encoded(b'{"alg":"RS256"}') + b"." + encoded(json.dumps(claims).encode())
    return (text + b"." + encoded(openssl("dgst", "-sha256", "-sign", private, data=text))).decode()


def saml_response(private, role, provider):
    """A response whose texts are canonical as they are written."""
    def at(offset):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))

    def assertion(signature):
        attributes = "".join(
            '<Attribute Name="https://aws.amazon.com/SAML/Attributes/%s"><AttributeValue>%s</AttributeValue></Attribute>'
            % pair for pair in (("Role", role + "," + provider), ("RoleSessionName", "alice")))
        return ('<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="a1" IssueInstant="%s" Version="2.0">'
                "<Issuer>https://idp.example.com/saml</Issuer>%s<Subject><NameID>alice</NameID><SubjectConfirmation "
                'Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData NotOnOrAfter="%s" '
                'Recipient="https://signin.aws.amazon.com/saml"></SubjectConfirmationData></SubjectConfirmation>'
                "</Subject><Conditions><AudienceRestriction><Audience>https://signin.aws.amazon.com/saml</Audience>"
                "</AudienceRestriction></Conditions><AuthnStatement></AuthnStatement><AttributeStatement>%s"
                "</AttributeStatement></Assertion>") % (issued, signature, end, attributes)

    issued, end = at(0), at(300)
    digest = base64.b64encode(hashlib.sha256(assertion("").encode()).digest()).decode()
    exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    info = ('<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><CanonicalizationMethod Algorithm="%s">'
            '</CanonicalizationMethod><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
            '</SignatureMethod><Reference URI="#a1"><Transforms><Transform '
            'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></Transform><Transform Algorithm="%s">'
            '</Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">'
            "</DigestMethod><DigestValue>%s</DigestValue></Reference></SignedInfo>") % (exclusive, exclusive, digest)
    value = base64.b64encode(openssl("dgst", "-sha256", "-sign", private, data=info.encode())).decode()
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">%s<SignatureValue>%s</SignatureValue></Signature>'
    response = ('<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="r1"><p:Status><p:StatusCode '
                'Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>%s</p:Response>')
    return base64.b64encode((response % assertion(signature % (info, value))).encode()).decode()


def sessions(key, serial, code, private, url, provider, saml):
    same(sts.do("GetCallerIdentity")["Arn"], "arn:aws:iam::%s:root" % ACCOUNT)
    same(sts.do("GetAccessKeyInfo", AccessKeyId=key["AccessKeyId"])["Account"], ACCOUNT)
    do("PutUserPolicy", UserName="dev", PolicyName="sts", PolicyDocument=allow("sts:*"))
    dev = Service("sts", URL, key["AccessKeyId"], key["SecretAccessKey"])
    role = {"RoleArn": "arn:aws:iam::%s:role/team/exec" % ACCOUNT, "RoleSessionName": "job"}
    session = dev.do("AssumeRole", DurationSeconds=900, Tags=TAGS, Policy=allow("sts:*"), **role)
    same(session["AssumedRoleUser"]["Arn"], "arn:aws:sts::%s:assumed-role/exec/job" % ACCOUNT)
    token = dev.do("GetSessionToken", DurationSeconds=900, SerialNumber=serial["SerialNumber"], TokenCode=code(0))
    federated = dev.do("GetFederationToken", Name="bob", Policy=allow("sts:*"), DurationSeconds=900, Tags=TAGS)
    same(federated["FederatedUser"]["Arn"], "arn:aws:sts::%s:federated-user/bob" % ACCOUNT)
    for who, end in ((session, "assumed-role/exec/job"), (token, "user/ops/dev"), (federated, "federated-user/bob")):
        who = Service("sts", URL, *(str(who["Credentials"][name]) for name in (
            "AccessKeyId", "SecretAccessKey", "SessionToken")))
        same(str(who.do("GetCallerIdentity")["Arn"]).endswith(end), True)
        iam.problems.extend(who.problems)
    do("UpdateAssumeRolePolicy", RoleName="exec", PolicyDocument=trust(
        "sts:AssumeRoleWithWebIdentity", Federated=provider["OpenIDConnectProviderArn"]))
    claims = {"iss": url, "sub": "s1", "aud": "app", "exp": int(time.time()) + 600}
    web = sts.do("AssumeRoleWithWebIdentity", WebIdentityToken=web_token(private, claims), **role)
    same(web["SubjectFromWebIdentityToken"], "s1")
    do("UpdateAssumeRolePolicy", RoleName="exec", PolicyDocument=trust(
        "sts:AssumeRoleWithSAML", Federated=saml["SAMLProviderArn"]))
    vouched = sts.do("AssumeRoleWithSAML", RoleArn=role["RoleArn"], PrincipalArn=saml["SAMLProviderArn"],
                     SAMLAssertion=saml_response(private, role["RoleArn"], saml["SAMLProviderArn"]))
    same(vouched["AssumedRoleUser"]["Arn"], "arn:aws:sts::%s:assumed-role/exec/alice" % ACCOUNT)
    # Only what the service has made can be decoded, and it sends none.
    sts.refused("InvalidAuthorizationMessageException", "DecodeAuthorizationMessage", EncodedMessage="x")
    sts.called |= dev.called
    sts.problems += dev.problems


def reports(arn):
    do("CreateAccountAlias", AccountAlias="pets")
    same(do("ListAccountAliases")["AccountAliases"], ["pets"])
    do("DeleteAccountAlias", AccountAlias="pets")
    same(do("GetAccountSummary")["SummaryMap"]["Users"], 1)
    do("GenerateCredentialReport")
    lines = list(csv.DictReader(io.StringIO(bytes(do("GetCredentialReport")["Content"]).decode())))
    same([line["user"] for line in lines], ["<root_account>", "dev"])
    same(lines[-1]["access_key_1_last_used_service"], "sts")
    details = do("GetAccountAuthorizationDetails")
    same([len(details[name]) for name in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")],
         [1, 1, 1, 1])
    document = allow("apigateway:GET")
    results = do("SimulateCustomPolicy", PolicyInputList=[document], ActionNames=["apigateway:GET", "s3:GetObject"])
    same([result["EvalDecision"] for result in results["EvaluationResults"]], ["allowed", "implicitDeny"])
    results = do("SimulatePrincipalPolicy", PolicySourceArn="arn:aws:iam::%s:user/ops/dev" % ACCOUNT,
                 ActionNames=["iam:GetUser"], ResourceArns=["*"])
    same(results["EvaluationResults"][0]["EvalDecision"], "allowed")
    asking = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]})
    same(do("GetContextKeysForCustomPolicy", PolicyInputList=[asking])["ContextKeyNames"], ["aws:SecureTransport"])
    do("GetContextKeysForPrincipalPolicy", PolicySourceArn="arn:aws:iam::%s:user/ops/dev" % ACCOUNT)
    linked = do("CreateServiceLinkedRole", AWSServiceName="ops.apigateway.amazonaws.com", Description="d")["Role"]
    task = do("DeleteServiceLinkedRole", RoleName=linked["RoleName"])["DeletionTaskId"]
    same(do("GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task)["Status"], "SUCCEEDED")


def end(arn, key, serial, oidc, saml):
    do("DeleteUserPolicy", UserName="dev", PolicyName="sts")
    do("DeactivateMFADevice", UserName="dev", **serial)
    do("DeleteVirtualMFADevice", **serial)
    do("DeleteLoginProfile", UserName="dev")
    do("DeleteAccountPasswordPolicy")
    do("DeleteAccessKey", UserName="dev", AccessKeyId=key["AccessKeyId"])
    do("DeleteOpenIDConnectProvider", **oidc)
    do("DeleteSAMLProvider", **saml)
    do("RemoveRoleFromInstanceProfile", InstanceProfileName="box", RoleName="exec")
    do("DeleteInstanceProfile", InstanceProfileName="box")
    do("RemoveUserFromGroup", GroupName="people", UserName="dev")
    for noun, name in (("User", "dev"), ("Group", "people"), ("Role", "exec")):
        name = {noun + "Name": name}
        do("Delete%sPolicy" % noun, PolicyName="in", **name)
        do("Detach%sPolicy" % noun, **arn, **name)
        do("Delete" + noun, **name)
    do("DeletePolicy", **arn)
    iam.refused("NoSuchEntity", "GetUser", UserName="dev")
    same(do("GetAccountSummary")["SummaryMap"]["Policies"], 0)


def not_offered():
    """Each of them says so."""
    for service in (iam, sts):
        for operation in sorted(set(service.model.operation_names) - service.called):
            shape = service.model.operation_model(operation).input_shape
            sent = {name: example(shape.members[name]) for name in (shape.required_members if shape else [])}
            service.refused("InvalidAction", operation, **sent)


def example(shape):
    if shape.type_name == "list":
        return [example(shape.member)] * shape.metadata.get("min", 1)
    if shape.type_name == "structure":
        return {name: example(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "boolean":
        return True
    if shape.type_name in ("integer", "long"):
        return shape.metadata.get("min", 1)
    return (getattr(shape, "enum", None) or ["a" * max(shape.metadata.get("min", 1), 1)])[0]


def main():
    arn = policies()
    principals(arn)
    key, serial, code, private, certificate = credentials()
    url, oidc, saml = providers(certificate)
    sessions(key, serial, code, private, url, oidc, saml)
    reports(arn)
    end(arn, key, serial, oidc, saml)
    offered = len(iam.called), len(sts.called)
    not_offered()
    return offered


offered = main()
print("ok %d %d" % offered if iam.end() & sts.end() else "not ok")
