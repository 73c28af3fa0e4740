"""Live Digits, which reads handwriting while it is written. Run it with `python -m server`."""

import os

# ONNX Runtime reads it when it is imported: it would look up a host of its maker, and keep an id of
# this machine and a database of events in the user's cache.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
