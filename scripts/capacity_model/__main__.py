"""The needs of a number of people: python3 scripts/capacity.py [--people 1000 10000] [--help]"""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from scripts.capacity_model.costs import PARTS
from scripts.capacity_model.mix import Mix, option
from scripts.capacity_model.report import render_limits, render_mix, render_plans, write_page

PAGE = Path(__file__).parents[2] / "server" / "deploy" / "CAPACITY.md"


def main() -> None:
    parser = make_parser()
    arguments = parser.parse_args()
    if arguments.measure is not None:
        from scripts.capacity_model.measure import measure  # needs the tests' packages

        measure(arguments.measure or PARTS)
    elif arguments.check:
        from scripts.capacity_model.check import check  # needs the tests' packages

        check()
    elif arguments.write:
        write_page(PAGE)
    else:
        show(parser, arguments)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("scripts/capacity.py", description=__doc__)
    for each in fields(Mix):
        kind = type(each.default)
        several = "+" if each.name == "people" else None
        help = f"{each.metadata['meaning']} (default {each.default:g})"
        parser.add_argument(option(each.name), type=kind, default=None, nargs=several, help=help)
    parser.add_argument(
        "--measure", nargs="*", choices=PARTS, metavar="PART",
        help=f"measure the unit costs on this machine: {', '.join(PARTS)}; all by default",
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="compare predictions with loads")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    return parser


def show(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    given = {
        each.name: value
        for each in fields(Mix)
        if (value := getattr(arguments, each.name)) is not None
    }
    sizes = given.pop("people", [Mix().people])
    try:
        mixes = [Mix(people=people, **given) for people in sizes]
    except ValueError as error:
        parser.error(str(error))
    print(render_mix(mixes[0]), render_plans(mixes), render_limits(mixes[0]), sep="\n\n")


if __name__ == "__main__":
    main()
