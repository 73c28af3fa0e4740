"""Check format, lint, types, import layers and browser code: python3 scripts/check.py"""

from _setup import TESTING, VENV, WEB, ensure_browser_libraries, ensure_venv, npm, run

python = str(ensure_venv(VENV, TESTING))
ensure_browser_libraries(checks=True)
run([python, "-m", "ruff", "format", "--check", "."])
run([python, "-m", "ruff", "check", "."])
run([python, "-m", "mypy"])
run([python, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"])
run([*npm(), "run", "--silent", "check"], cwd=WEB)
print("All checks passed.")
