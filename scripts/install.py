"""Install what serving needs, and bundle the pages' files: python3 scripts/install.py"""

from _setup import ensure_server

ensure_server()
