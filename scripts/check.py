"""Check format, lint, types, layers, browser code, security, secrets: python3 scripts/check.py"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from _setup import PROJECT, TESTING, VENV, WEB, ensure_browser_libraries, ensure_venv, npm

FOLDERS = ["server", "web/pages", "web/static/scripts", "model", "scripts", "tests"]
AT_ONCE = 2

python = str(ensure_venv(VENV, TESTING))
ensure_browser_libraries(checks=True)
sources = [path for folder in FOLDERS for path in (PROJECT / folder).glob("**/*.*")]
checks = {
    "types": [python, "-m", "mypy"],
    "browser code": [*npm(), "--prefix", str(WEB), "run", "--silent", "check"],
    "format": [python, "-m", "ruff", "format", "--check", "."],
    "lint": [python, "-m", "ruff", "check", "."],
    "layers": [python, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    "security": [python, "-m", "bandit", "-q", "-ll", "-r", "server", "scripts", "model"],
    "secrets": [
        *(python, "-m", "detect_secrets.pre_commit_hook", *map(str, sources), "README.md"),
        *("--disable-plugin", "KeywordDetector"),  # it reports every password field of a form
        *("--exclude-lines", "sha256", "--exclude-secrets", "^secret$"),
    ],
}


def check(name: str) -> bool:
    """Run a check; print its output if it fails."""
    done = subprocess.run(checks[name], cwd=PROJECT, check=False, capture_output=True, text=True)
    print(f"{name}: {'passed' if done.returncode == 0 else 'FAILED'}", flush=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="", flush=True)
    return done.returncode == 0


with ThreadPoolExecutor(AT_ONCE) as pool:
    passed = list(pool.map(check, checks))
if not all(passed):
    sys.exit("A check failed; see above.")
print("All checks passed.")
