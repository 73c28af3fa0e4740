"""The needs of a number of people: python3 scripts/capacity.py [--people 1000 10000] [--help]"""

import sys
from pathlib import Path

from _setup import become, become_browser_program, require_python

if {"--measure", "--check"} & set(sys.argv):
    become_browser_program("scripts.capacity_model")
require_python()
become(Path(sys.executable), "-m", "scripts.capacity_model", *sys.argv[1:])
