"""Look for known vulnerabilities of the dependencies: python3 scripts/audit.py"""

import subprocess
import sys

from _setup import PROJECT, TESTING, VENV, WEB, ensure_venv, npm

python = str(ensure_venv(VENV, TESTING))
audits = (
    ([python, "-m", "pip_audit", "--strict", "--no-deps", "-r", "requirements.txt"], PROJECT),
    ([*npm(), "audit"], WEB),
    ([*npm(), "audit"], WEB / "lighthouse"),
)
statuses = [subprocess.run(command, cwd=cwd, check=False).returncode for command, cwd in audits]
if any(statuses):
    sys.exit("A dependency named above has a known vulnerability, or its registry did not answer.")
