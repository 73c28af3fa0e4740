"""Compile the requirements files from pyproject.toml: python3 scripts/lock.py [--upgrade]"""

import sys

from _setup import PROJECT, SERVING, VENV, ensure_venv, pip, run, with_stamp

UV = "uv==0.13.9"
OPTIONS = ["--universal", "--python-version", "3.11", "--quiet"]
# Each file agrees with those compiled before it that are installed beside it.
FILES = {
    "requirements.txt": ["pyproject.toml"],
    "tests/requirements.txt": ["--group", "test", "-c", "requirements.txt"],
    "model/requirements.txt": ["--group", "model", "-c", "requirements.txt"],
    "model/training-requirements.txt": [
        *("--group", "training"),
        *("-c", "requirements.txt", "-c", "model/requirements.txt"),
    ],
}

python = ensure_venv(VENV, SERVING)
with_stamp(VENV / "installed-uv", [PROJECT / "scripts/lock.py"], lambda: pip(python, UV))
for file, source in FILES.items():
    print(f"Compiling {file} …", flush=True)
    command = [str(python), "-m", "uv", "pip", "compile", *source, "-o", file, *OPTIONS]
    run([*command, "--custom-compile-command", "python3 scripts/lock.py", *sys.argv[1:]])
