"""Compile the requirements files from pyproject.toml: python3 scripts/lock.py [--upgrade]"""

import sys

from _setup import SERVING, VENV, ensure_venv, run, uv_command

OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
OPTIONS += ["--custom-compile-command", "python3 scripts/lock.py"]  # named in their headers
# Each file agrees with those compiled before it that are installed beside it.
FILES = {
    "requirements.txt": ["pyproject.toml"],
    "tests/requirements.txt": ["--group", "test", "-c", "requirements.txt"],
    "model/requirements.txt": ["--group", "model", "-c", "requirements.txt"],
    "model/training-requirements.txt": [
        *("--group", "training"),
        *("-c", "requirements.txt", "-c", "model/requirements.txt"),
    ],
    "model/comparison-requirements.txt": ["--group", "comparison"],
}

uv = uv_command(ensure_venv(VENV, SERVING))
for file, source in FILES.items():
    print(f"Compiling {file} …", flush=True)
    run([*uv, "pip", "compile", *source, "-o", file, *OPTIONS, *sys.argv[1:]])
