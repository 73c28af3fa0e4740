"""Check format, lint, types, layers, browser code, security, secrets: python3 scripts/check.py"""

from _setup import PROJECT, TESTING, VENV, WEB, ensure_browser_libraries, ensure_venv, npm, run

FOLDERS = ["server", "web/pages", "web/static/scripts", "model", "scripts", "tests"]

python = str(ensure_venv(VENV, TESTING))
ensure_browser_libraries(checks=True)
run([python, "-m", "ruff", "format", "--check", "."])
run([python, "-m", "ruff", "check", "."])
run([python, "-m", "mypy"])
run([python, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"])
run([*npm(), "run", "--silent", "check"], cwd=WEB)
run([python, "-m", "bandit", "-q", "-ll", "-r", "server", "scripts", "model"])
sources = [path for folder in FOLDERS for path in (PROJECT / folder).glob("**/*.*")]
run([
    python, "-m", "detect_secrets.pre_commit_hook", *map(str, sources), "README.md",
    "--disable-plugin", "KeywordDetector",  # which reports every form field
    "--exclude-lines", "sha256", "--exclude-secrets", "^secret$",
])  # fmt: skip
print("All checks passed.")
