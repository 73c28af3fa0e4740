"""Fuzz the decoders with damaged pictures: python3 scripts/fuzz.py [--inputs 50000] [--seed 1]"""

import sys

from _setup import TESTING, VENV, become, ensure_venv

become(ensure_venv(VENV, TESTING), "-m", "tests.fuzzing", *sys.argv[1:])
