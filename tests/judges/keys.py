"""Compares the keys of recorded messages with those that Segment's own client sends for the same event:
they differ in what we decided and in nothing else.

keys.py REFERENCE RECORDING
"""

import json
import sys
from pathlib import Path

# What the client sends and we do not: an id that is null, which RudderStack refuses.
LEFT_OUT = {"anonymousId"}
# What we send beside it: the system and the product, for Mixpanel's own columns.
ADDED = {"context.app", "context.app.name", "context.app.version", "context.os", "context.os.name"}


def keys(value, path=""):
    """The paths of all keys, but for those of properties, which are each event's own."""
    if not isinstance(value, dict) or path == "properties.":
        return set()
    inner = [keys(inner, f"{path}{key}.") for key, inner in value.items()]
    return {path + key for key in value}.union(*inner)


def bodies(path):
    return [json.loads(body) for body in json.loads(Path(path).read_text())]


def differences(ours, theirs):
    expected = (theirs - LEFT_OUT) | ADDED
    return [f"missing: {key}" for key in expected - ours] + [f"added: {key}" for key in ours - expected]


reference = bodies(sys.argv[1])[0]
faults = []
for body in bodies(sys.argv[2]):
    if body.keys() != reference.keys():
        faults.append(f"of the body: {sorted(body.keys() ^ reference.keys())}")
    for message in body["batch"]:
        faults += differences(keys(message), keys(reference["batch"][0]))
print(*sorted(set(faults)), sep="\n", end="\n" if faults else "", file=sys.stderr)
sys.exit(bool(faults))
