"""Serve Live Digits: python3 scripts/serve.py [--host HOST] [--port PORT]"""

import sys

from _setup import become, ensure_server

become(ensure_server(), "-m", "server", *sys.argv[1:])
