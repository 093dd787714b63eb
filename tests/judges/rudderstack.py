"""Judges recorded bodies by the rules of RudderStack's gateway. Prints what it objects to.

rudderstack.py RECORDING
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

LARGEST_BODY = 4000 * 1024
ID = {"type": "string", "minLength": 1}
BATCH_PAYLOAD = {
    "type": "object",
    "required": ["batch"],
    "properties": {
        "batch": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type"],
                # Where an id is given it is a text, also beside another one.
                "properties": {"userId": ID, "anonymousId": ID, "type": {"enum": ["track"]}},
                "anyOf": [{"required": ["userId"]}, {"required": ["anonymousId"]}],
            },
        }
    },
}

validator = Draft202012Validator(BATCH_PAYLOAD)
bodies = json.loads(Path(sys.argv[1]).read_text())
faults = [error.message for body in bodies for error in validator.iter_errors(json.loads(body))]
faults += ["a body is too large" for body in bodies if len(body.encode()) > LARGEST_BODY]
print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
sys.exit(bool(faults) or not bodies)
