"""segment-analytics-python as NannyML sets it; it joins its thread at exit.

segment_python.py URL EVENTS END, as in task.rs; `sys.exit` runs what `process::exit` does not.
"""

import sys
import time

from segment import analytics

url, events, end = sys.argv[1], int(sys.argv[2]), sys.argv[3]
analytics.write_key, analytics.host = "WRITE_KEY", url
analytics.max_retries, analytics.timeout = 1, 3
for event in range(events):
    analytics.track("8cf1c233-0b63-4a80-9445-e4e10a3f1435", f"Call {event}")
if end == "live":
    analytics.flush()
print(time.time_ns(), flush=True)
if end in ("killed", "live"):
    sys.stdin.read()
sys.exit()
