"""A fuzzer of the decoders: each input must be read or rejected within limits (scripts/fuzz.py).

An input depends on the seed and its index only: `--first INDEX --inputs 1` repeats one.
"""

from __future__ import annotations

import argparse
import sys

from tests.fuzzing.campaign import run

MAX_MS = 1_000


def main() -> None:
    parser = argparse.ArgumentParser("scripts/fuzz.py", description=__doc__)
    parser.add_argument("--inputs", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="index of the first input")
    arguments = parser.parse_args()
    indices = range(arguments.first, arguments.first + arguments.inputs)
    summary = run(arguments.seed, indices, MAX_MS)
    print(summary)
    sys.exit(1 if summary.failures else 0)


if __name__ == "__main__":
    main()
