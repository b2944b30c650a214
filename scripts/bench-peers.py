"""CPU microseconds of airspeed and jsonschema for the inputs that `Benchmarks peer-inputs` wrote; JSON on standard output."""

import importlib.metadata
import json
import platform
import sys
import time

import airspeed
import jsonschema

ROUNDS = 5


class Input:
    """`$input`, as far as the inputs use it."""

    def __init__(self, body, parameters):
        self.body = body
        self.parameters = parameters

    def path(self, path):
        assert path == "$", path
        return json.loads(self.body)

    def params(self, name):
        return self.parameters.get(name, "")


class Util:
    """`$util`, as far as the inputs use it."""

    def parseJson(self, text):
        return json.loads(text)


def best(count, work):
    """CPU microseconds of one turn, the best of several rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(count):
            work()
        times.append((time.process_time() - start) * 1e6 / count)
    return min(times)


def rendering(entry):
    """A function that renders the template for its request."""
    template = airspeed.Template(entry["template"])

    def render():
        return template.merge(
            {
                "input": Input(entry["body"], entry["parameters"]),
                "util": Util(),
                "context": {"requestOverride": {"path": {"body": entry["body"]}}},
            }
        )

    return render


def answer(render):
    """What it gives; None where the peer fails."""
    try:
        return render()
    except Exception:
        return None


def blankless(text):
    """Without blanks: what the service takes away around directives, airspeed leaves."""
    return None if text is None else "".join(text.split())


def templates(inputs):
    figures = {}
    for entry in inputs["walkthroughs"]:
        render = rendering(entry)
        if answer(render) is not None:
            figures[entry["name"]] = best(300, render)
    recorded = {}
    for entry in inputs["recorded"]:
        render = rendering(entry)
        if blankless(answer(render)) == blankless(entry["expected"]):
            recorded[entry["name"]] = render
    if recorded:

        def all_of_them():
            for render in recorded.values():
                render()

        figures["recorded"] = best(5, all_of_them) / len(recorded)
    return {"name": named("airspeed"), "figures": figures, "recorded": list(recorded)}


def models(inputs):
    figures = {}
    for entry in inputs["bodies"]:
        validator = jsonschema.Draft4Validator(json.loads(entry["schema"]))
        body = entry["body"]
        assert validator.is_valid(json.loads(body)), entry["name"]
        figures[entry["name"]] = best(
            max(200_000 // len(body), 5), lambda: validator.is_valid(json.loads(body))
        )
    return {"name": named("jsonschema"), "figures": figures}


def named(package):
    return f"{package} {importlib.metadata.version(package)} (Python {platform.python_version()})"


with open(sys.argv[1], encoding="utf-8") as file:
    everything = json.load(file)
json.dump({"airspeed": templates(everything), "jsonschema": models(everything)}, sys.stdout)
