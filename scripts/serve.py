"""Serve Live Digits: python3 scripts/serve.py [--host HOST] [--port PORT]"""

import sys

from _setup import SERVING, VENV, become, ensure_browser_libraries, ensure_venv

python = ensure_venv(VENV, SERVING)
ensure_browser_libraries()
become(python, "-m", "server", *sys.argv[1:])
