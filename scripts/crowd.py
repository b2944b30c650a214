#!/usr/bin/env python3
"""Many clients at once in one API of an engine, and whether all that was acknowledged is there.

crowd.py run URL KEY SECRET SECONDS CLIENTS LEDGER   creates and deletes until the time is over or the engine is gone
crowd.py check URL KEY SECRET LEDGER                 compares the engine with what the ledger says was acknowledged
"""
import http.client
import json
import sys
import threading
import time
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

TAGS_MAX = 50  # of one API
BUSY = 500  # calls after which the crowd says so
KEPT = 4  # resources of one client, so that fifty stay below the quota of an API


class Gone(Exception):
    """The engine does not answer any more."""


class Client:
    def __init__(self, url, key, secret):
        self.host = urllib.parse.urlsplit(url).netloc
        self.signer = SigV4Auth(Credentials(key, secret), "apigateway", "us-east-1")
        self.connection = None

    def ask(self, method, path, document=None):
        body = json.dumps(document) if document is not None else ""
        request = AWSRequest(method, "http://" + self.host + path, data=body, headers={"Host": self.host})
        self.signer.add_auth(request)
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, timeout=60)
            self.connection.request(method, path, body, dict(request.headers.items()))
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            raise Gone(str(error))

    def must(self, status, method, path, document=None):
        found, body = self.ask(method, path, document)
        if found != status:
            raise AssertionError("%s %s: %d %s" % (method, path, found, body[:200]))
        return json.loads(body) if body else {}


class Worker(threading.Thread):
    """One client: what it was told is done is in `there`, what it was not told yet is in `unsure`."""

    def __init__(self, number, client, api, ends):
        super().__init__()
        self.number, self.client, self.api, self.ends = number, client, api, ends
        self.there, self.unsure, self.ids, self.deleted = [], None, [], []
        self.tag, self.tag_unsure, self.problem, self.count, self.deployment = None, None, None, 0, None

    def run(self):
        try:
            turn = 0
            while time.monotonic() < self.ends:
                self.turn(turn)
                turn += 1
        except Gone as gone:
            self.problem = "gone: %s" % gone
        except Exception as error:
            self.problem = repr(error)

    def must(self, *arguments):
        self.count += 1
        return self.client.must(*arguments)

    def turn(self, turn):
        base = "/restapis/" + self.api["id"]
        path = "/w%d-%d" % (self.number, turn)
        self.unsure = path
        made = self.must(201, "POST", "%s/resources/%s" % (base, self.api["rootResourceId"]), {"pathPart": path[1:]})
        entry = {"path": path, "id": made["id"], "has": "nothing"}
        self.ids.append(made["id"])
        self.there.append(entry)
        self.unsure = None
        method = "%s/resources/%s/methods/GET" % (base, made["id"])
        self.must(201, "PUT", method, {"authorizationType": "NONE"})
        entry["has"] = "method"
        self.must(201, "PUT", method + "/integration", {"type": "MOCK", "requestTemplates": {
            "application/json": json.dumps({"statusCode": 200, "turn": turn})}})
        entry["has"] = "integration"
        read = self.must(200, "GET", "%s/resources/%s?embed=methods" % (base, made["id"]))
        assert read["path"] == path and "methodIntegration" in read["resourceMethods"]["GET"], read
        if self.number < TAGS_MAX:
            arn = urllib.parse.quote("arn:aws:apigateway:us-east-1::" + base, safe="")
            self.tag_unsure = str(turn)
            self.must(204, "PUT", "/tags/" + arn, {"tags": {"w%d" % self.number: str(turn)}})
            self.tag, self.tag_unsure = str(turn), None
        if self.number == 0 and turn % 10 == 0:
            self.deploy(base)
        while len(self.there) > KEPT:
            oldest = self.there.pop(0)
            self.unsure = oldest["path"]
            self.must(202, "DELETE", "%s/resources/%s" % (base, oldest["id"]))
            self.deleted.append(oldest["path"])
            self.unsure = None


    def deploy(self, base):
        self.count += 1
        status, body = self.client.ask("POST", base + "/deployments", {"stageName": "live"})
        # Another client may be between a method and its integration.
        if status == 400 and b"No integration defined for method" in body:
            return
        assert status == 201, body
        old, self.deployment = self.deployment, json.loads(body)["id"]
        if old:
            self.must(202, "DELETE", "%s/deployments/%s" % (base, old))


def run(url, key, secret, seconds, clients, ledger):
    api = Client(url, key, secret).must(201, "POST", "/restapis", {"name": "crowd"})
    ends = time.monotonic() + float(seconds)
    workers = [Worker(number, Client(url, key, secret), api, ends) for number in range(int(clients))]
    begin = time.monotonic()
    for worker in workers:
        worker.start()
    while sum(worker.count for worker in workers) < BUSY and any(worker.is_alive() for worker in workers):
        time.sleep(0.01)
    print("busy", flush=True)
    for worker in workers:
        worker.join()
    took = time.monotonic() - begin
    problems = [worker.problem for worker in workers if worker.problem and not worker.problem.startswith("gone")]
    ids = [made for worker in workers for made in worker.ids]
    if len(ids) != len(set(ids)):
        problems.append("an id was given twice")
    with open(ledger, "w") as file:
        json.dump({"api": api["id"], "workers": [
            {name: getattr(worker, name) for name in ("number", "there", "unsure", "deleted", "tag", "tag_unsure")}
            for worker in workers]}, file)
    for problem in problems[:5]:
        print(problem)
    gone = sum(1 for worker in workers if worker.problem and worker.problem.startswith("gone"))
    calls = sum(worker.count for worker in workers)
    print("%d calls in %.1f s by %d clients, %d of them cut off" % (calls, took, len(workers), gone))
    return not problems


def check(url, key, secret, ledger):
    with open(ledger) as file:
        ledger = json.load(file)
    client = Client(url, key, secret)
    base = "/restapis/" + ledger["api"]
    tags = client.must(200, "GET", base).get("tags", {})
    found, position = {}, ""
    while position is not None:
        page = client.must(200, "GET", base + "/resources?embed=methods&limit=500" + position)
        found.update({item["path"]: item for item in page["item"]})
        position = page.get("position") and "&position=" + urllib.parse.quote(page["position"], safe="")
    problems, known = [], {"/"}
    for worker in ledger["workers"]:
        for entry in worker["there"]:
            known.add(entry["path"])
            item = found.get(entry["path"], {})
            methods = item.get("resourceMethods", {})
            if item.get("id") != entry["id"]:
                problems.append("%s is not there" % entry)
            elif entry["has"] != "nothing" and "GET" not in methods:
                problems.append("%s has no method" % entry)
            elif entry["has"] == "integration" and "methodIntegration" not in methods["GET"]:
                problems.append("%s has no integration" % entry)
        for path in worker["deleted"]:
            if path in found:
                problems.append("%s was deleted and is there" % path)
        if worker["unsure"]:
            known.add(worker["unsure"])
        tag = tags.get("w%d" % worker["number"])
        if tag not in (worker["tag"], worker["tag_unsure"]) or (worker["tag"] and not tag):
            problems.append("tag %r of client %d is %r" % (worker["tag"], worker["number"], tag))
    problems += ["%s is there and nobody was told so" % path for path in set(found) - known]
    for problem in problems[:10]:
        print(problem)
    print("%d resources, %d tags: %s" % (len(found), len(tags), "whole" if not problems else "not whole"))
    return not problems


done = {"run": run, "check": check}[sys.argv[1]](*sys.argv[2:])
sys.exit(0 if done else 1)
