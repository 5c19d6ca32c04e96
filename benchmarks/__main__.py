"""Run the benchmarks: `python -m benchmarks [NAME ...] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.timing import Comparison, Result, Skipped, busy, measured, say, table

NAMES = (
    "balances",
    "waterfall",
    "schedules",
    "pack",
    "closing",
    "reading",
    "formulas",
    "libreoffice",
    "start_up",
    "desktop",
    "frozen",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratable's speed as ratios to peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(NAMES)}; default all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    if warning := busy():
        say(warning)
    results = [result for name in arguments.names or NAMES for result in run(name)]
    print(table(results))
    if arguments.json:
        arguments.json.write_text(json.dumps([result.record() for result in results], indent=2) + "\n", "utf-8")


def run(name: str) -> Iterator[Result]:
    """The results of one benchmark, none if it cannot run here."""
    comparisons: Callable[[], Iterator[Comparison | Result]] = import_module(f"benchmarks.{name}").comparisons
    try:
        for comparison in comparisons():
            if isinstance(comparison, Result):  # what cannot be measured as the time of one piece of work
                yield comparison
                continue
            say(f"{comparison.name} ...")
            yield measured(comparison)
    except Skipped as reason:
        say(f"{name} is left out: {reason}")


if __name__ == "__main__":
    main()
