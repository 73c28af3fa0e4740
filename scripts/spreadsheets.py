"""Open exports in LibreOffice, and compare what it shows: python3 scripts/spreadsheets.py"""

import sys

from _setup import TESTING, VENV, become, ensure_programs, ensure_venv

ensure_programs(["soffice"])
become(ensure_venv(VENV, TESTING), "-m", "pytest", "tests/wire/libreoffice.py", *sys.argv[1:])
