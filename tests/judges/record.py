"""Records what a program sends to a receiver on loopback, and what Segment's own client sends for the
same event; and makes copies of the former with one fault each, for the judges to find.

record.py FOLDER PROGRAM ARGUMENT...
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from segment.analytics.client import Client


def main(folder, command):
    bodies = record(lambda url: run(command, url))
    if not bodies:
        sys.exit("nothing arrived")
    message = json.loads(bodies[0])["batch"][0]
    reference = record(lambda url: track(message, url))
    faults = {
        "rudderstack": lambda message: message.update(userId=""),
        "mixpanel": lambda message: message.update(messageId=message["messageId"] + "_"),
        "keys": lambda message: message.update(anonymousId=None),
    }
    save(folder / "sound.json", bodies)
    save(folder / "reference.json", reference)
    for name, fault in faults.items():
        body = json.loads(bodies[0])
        fault(body["batch"][0])
        save(folder / f"broken-{name}.json", [json.dumps(body)])


def record(act):
    """The bodies that arrive while `act` runs with the address of a receiver."""
    bodies = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer = b'{"success":true}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    act(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    return bodies


def run(command, url):
    """Runs the program in a home of its own, with nothing of the caller's environment."""
    with tempfile.TemporaryDirectory() as home:
        variables = {"HOME": home, "TMPDIR": home, "NML_USAGE_ENDPOINT": url}
        command = [os.path.abspath(command[0]), *command[1:]]
        subprocess.run(command, env=variables, cwd=home, check=True, stdout=subprocess.DEVNULL)


def track(message, url):
    """Sends the same event by Segment's own client."""
    client = Client("WRITE_KEY", host=url, sync_mode=True)
    client.track(user_id=message["userId"], event=message["event"], properties=message["properties"])


def save(path, bodies):
    path.write_text(json.dumps(bodies))


main(Path(sys.argv[1]), sys.argv[2:])
