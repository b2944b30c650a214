"""Calls operations through boto3 and holds every answer against botocore's model of the service.

botocore leaves out what it does not know and says nothing of what is not there: here both are problems, as is a value of
another type, and what was sent and comes back changed.
"""
import json
import xml.etree.ElementTree as ElementTree

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class Service:
    def __init__(self, name, url, key, secret, token=None):
        self.client = boto3.client(
            name, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret,
            aws_session_token=token, config=Config(retries={"total_max_attempts": 1}))
        self.model = self.client.meta.service_model
        self.methods = {model: method for method, model in self.client.meta.method_to_api_mapping.items()}
        self.called, self.problems, self.raw = set(), [], None
        self.client.meta.events.register("before-parse", self.keep)

    def keep(self, response_dict, **_):
        self.raw = response_dict

    def do(self, operation, **members):
        """Calls the operation, which must succeed and answer as the model says."""
        self.raw = None
        try:
            answer = getattr(self.client, self.methods[operation])(**members)
        except Exception as error:
            self.problems.append("%s(%s): %r" % (operation, members, error))
            return Missing()
        self.called.add(operation)
        try:
            self.check(operation, answer)
        except Exception as error:
            self.problems.append("%s: %r" % (operation, error))
        del answer["ResponseMetadata"]
        self.compare(operation, members, answer)
        return answer

    def refused(self, code, operation, **members):
        """Calls the operation, which must be refused with that code."""
        try:
            getattr(self.client, self.methods[operation])(**members)
        except ClientError as error:
            if error.response["Error"]["Code"] != code:
                self.problems.append("%s: %s" % (operation, error))
        else:
            self.problems.append("%s: not refused" % operation)
        self.called.add(operation)

    def compare(self, operation, sent, answer):
        if not operation.startswith(("Create", "Put", "Update", "Generate", "Upload")):
            return
        values = list(answer.values())
        if len(values) == 1 and isinstance(values[0], dict):
            answer = values[0]
        for name in set(sent) & set(answer) - {"PermissionsBoundary"}:
            # Sets keep no order, and documents are read by botocore.
            if not within(plain(sent[name]), plain(answer[name])):
                self.problems.append("%s: %s is %r and was %r" % (operation, name, answer[name], sent[name]))

    # The answer as it came over the wire.

    def check(self, operation, answer):
        shape = self.model.operation_model(operation).output_shape
        body = self.raw["body"]
        if self.model.metadata["protocol"] == "query":
            root = ElementTree.fromstring(body)
            namespace = self.model.metadata["xmlNamespace"]
            assert root.tag == "{%s}%sResponse" % (namespace, operation), root.tag
            names = [local(child) for child in root]
            assert names[-1] == "ResponseMetadata", names
            assert names[:-1] in ([], [operation + "Result"]), names
            if shape is not None:
                assert len(names) == 2, "no result"
                self.element(shape, root[0], operation)
        elif shape is not None and "payload" not in shape.serialization:
            self.value(shape, json.loads(body or b"{}"), operation)

    def value(self, shape, value, place):
        """A value of JSON."""
        if shape.type_name == "structure":
            members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
            self.members(set(value), members, shape, place)
            for name, item in value.items():
                if name in members and item is not None:
                    self.value(members[name], item, "%s.%s" % (place, name))
        elif shape.type_name == "list":
            for item in value:
                self.value(shape.member, item, place + "[]")
        elif shape.type_name == "map":
            for name, item in value.items():
                self.value(shape.value, item, "%s.%s" % (place, name))
        else:
            kind = {"string": str, "boolean": bool, "integer": int, "long": int, "double": (int, float),
                    "float": (int, float), "timestamp": (int, float), "blob": str}[shape.type_name]
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
                self.problems.append("%s: %r is no %s" % (place, value, shape.type_name))
            self.one_of(shape, value, place)

    def element(self, shape, element, place):
        """A value of XML."""
        if shape.type_name == "structure":
            members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
            names = [local(child) for child in element]
            if len(names) != len(set(names)):
                self.problems.append("%s: a member is there twice: %s" % (place, names))
            self.members(set(names), members, shape, place)
            for child in element:
                if local(child) in members:
                    self.element(members[local(child)], child, "%s.%s" % (place, local(child)))
        elif shape.type_name == "list":
            for child in element:
                assert local(child) == "member", "%s: %s" % (place, local(child))
                self.element(shape.member, child, place + "[]")
        elif shape.type_name == "map":
            for child in element:
                assert [local(part) for part in child] == ["key", "value"], place
                self.element(shape.value, child[1], place + "{}")
        else:
            text = element.text or ""
            if len(element):
                self.problems.append("%s: a %s with elements" % (place, shape.type_name))
            if shape.type_name == "boolean" and text not in ("true", "false"):
                self.problems.append("%s: %r is no boolean" % (place, text))
            if shape.type_name in ("integer", "long"):
                int(text)
            self.one_of(shape, text, place)

    def members(self, names, members, shape, place):
        for name in names - set(members):
            self.problems.append("%s: the model has no %s" % (place, name))
        for name in shape.required_members:
            if shape.members[name].serialization.get("name", name) not in names:
                self.problems.append("%s: %s is not there" % (place, name))

    def one_of(self, shape, value, place):
        choices = getattr(shape, "enum", None)
        if choices and value not in choices:
            self.problems.append("%s: %r is none of %s" % (place, value, choices))

    def end(self):
        """Every operation of the model must have been called; those that are not offered have said so."""
        for operation in self.model.operation_names:
            if operation not in self.called:
                self.problems.append("%s was not called" % operation)
        for problem in self.problems:
            print(problem)
        return not self.problems


class Missing(dict):
    """What an operation that failed has answered: the others go on."""

    def __missing__(self, _):
        return Missing()

    def __hash__(self):
        return 0

    def __str__(self):
        return "missing"


def plain(value):
    if isinstance(value, str):
        try:
            return plain(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, list):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def within(sent, answered):
    """What was sent is in the answer, which may say more."""
    if isinstance(sent, dict) and isinstance(answered, dict):
        return all(name in answered and within(value, answered[name]) for name, value in sent.items())
    return sent == answered


def local(element):
    return element.tag.split("}")[-1]
