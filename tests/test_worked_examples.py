"""The worked examples with published answers, through the command line: every figure of tests/golden/*.yaml.

See tests/golden/README.md for what a case says. With RATABLE=/path/to/ratable in the environment that program is
asked, else the command line inside this process.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from addin.command_line.verbs import run

from .golden_cases import golden_cases

TABLES = (
    "contracts", "obligations", "billings", "events", "estimates", "openings", "rates", "accounts", "costs", "ledger",
)  # fmt: skip
REPORTS = ("balances", "revenue", "waterfall", "rollforward", "rpo", "journal")


def write_book(book: Mapping[str, Any], folder: Path) -> None:
    """The book of a case as a folder of CSV files."""
    settings = book.get("settings") or {}
    pairs = list(settings.items()) if isinstance(settings, dict) else settings
    tables = {"settings": [dict(zip(("name", "value"), pair, strict=True)) for pair in pairs]}
    tables |= {name: book[name] for name in TABLES if book.get(name) is not None}
    for name, rows in tables.items():
        text = io.StringIO()
        writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{name}.csv").write_text(text.getvalue(), "utf-8")


class Asked:
    """The command line, asked about one book."""

    def __init__(self, case: Mapping[str, Any], folder: Path) -> None:
        self.case, self.folder = case, folder
        self.tolerance = Decimal(str(case.get("tolerance", "0")))
        self.compared = 0
        write_book(case["book"], folder)

    def ask(self, verb: str, *words: str) -> tuple[int, str, str]:
        if program := os.environ.get("RATABLE"):
            done = subprocess.run(
                [program, verb, self.folder, *words], capture_output=True, encoding="utf-8", timeout=120, check=False
            )
            return done.returncode, done.stdout, done.stderr
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([verb, str(self.folder), *words])
        return code, out.getvalue(), err.getvalue()

    def rows(self, verb: str, *words: str) -> list[dict[str, Any]]:
        code, out, err = self.ask(verb, *words, "--format", "json")
        assert code in (0, 1), err
        found = json.loads(out)
        return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]

    def same(self, row: Mapping[str, Any], values: Mapping[str, str], what: str) -> None:
        for name, expected in values.items():
            self.compared += 1
            found = row.get(name, "missing") if row else "0"
            assert abs(Decimal(found or "0") - Decimal(str(expected))) <= self.tolerance, (
                f"{what} {name}: {found}, not {expected}"
            )

    def pick(self, rows: Sequence[dict[str, Any]], spec: Mapping[str, Any], by: str) -> Mapping[str, Any]:
        chosen = [row for row in rows if spec.get("currency") in (None, row["currency"])]
        if "key" in spec:
            chosen = [row for row in chosen if row[by] == str(spec["key"])]
        assert len(chosen) <= 1
        return chosen[0] if chosen else {}


def _currency(spec: Mapping[str, Any]) -> tuple[str, ...]:
    return ("--currency", spec["in"]) if "in" in spec else ()


def _balances(asked: Asked, spec: Mapping[str, Any]) -> None:
    by = spec.get("by", "total")
    rows = asked.rows("balances", "--as-of", spec["as_of"], "--by", by, *_currency(spec))
    asked.same(asked.pick(rows, spec, by), spec["values"], f"balances {spec['as_of']}")


def _revenue(asked: Asked, spec: Mapping[str, Any]) -> None:
    by, months = spec.get("by", "total"), sorted(spec["months"])
    rows = asked.rows("revenue", "--from", months[0], "--to", months[-1], "--by", by, *_currency(spec))
    asked.same(asked.pick(rows, spec, by), spec["months"], "revenue")


def _waterfall(asked: Asked, spec: Mapping[str, Any]) -> None:
    by = spec.get("by", "contract")
    rows = asked.rows(
        "waterfall", "--as-of", spec["as_of"], "--months", str(spec.get("n", 12)), "--by", by, *_currency(spec)
    )
    asked.same(asked.pick(rows, spec, by), spec["values"], f"waterfall {spec['as_of']}")


def _rollforward(asked: Asked, spec: Mapping[str, Any]) -> None:
    period = spec["period"]
    rows = asked.rows(
        "rollforward", "--from", period, "--to", period, "--of", spec.get("of", "deferred"), *_currency(spec)
    )
    asked.same(asked.pick(rows, spec, "period"), spec["values"], f"rollforward {period}")


def _rpo(asked: Asked, spec: Mapping[str, Any]) -> None:
    asked.same(
        asked.pick(asked.rows("rpo", "--as-of", spec["as_of"], *_currency(spec)), spec, "as_of"), spec["values"], "rpo"
    )


def _journal(asked: Asked, spec: Mapping[str, Any]) -> None:
    net: dict[str, Decimal] = {}
    entries: dict[tuple[str, ...], Decimal] = {}
    for line in asked.rows("journal", "--from", spec["from"], "--to", spec["to"], *_currency(spec)):
        amount = Decimal(line["debit"] or 0) - Decimal(line["credit"] or 0)
        net[line["role"]] = net.get(line["role"], Decimal(0)) + amount
        entry = line["contract_id"], line["date"], line["currency"]
        entries[entry] = entries.get(entry, Decimal(0)) + amount
    assert not any(entries.values()), "an entry is out of balance"
    asked.same({role: str(net.get(role, 0)) for role in spec["roles"]}, spec["roles"], f"journal {spec['from']}")


def _get(asked: Asked, spec: Mapping[str, Any]) -> None:
    code, out, err = asked.ask("get", *(str(word) for word in spec["call"]))
    assert code == 0, err
    asked.same({"answer": out.strip()}, {"answer": spec["value"]}, f"={spec['call'][0]}")


def _check(asked: Asked, spec: Mapping[str, Any]) -> None:
    found = {row["severity"] for row in asked.rows("check") if row["name"] == spec["name"]}
    asked.compared += 1
    assert found & set(spec["severity"].split("|")), f"{spec['name']} is {found}"


_QUESTIONS = {
    "balances": _balances, "revenue": _revenue, "waterfall": _waterfall, "rollforward": _rollforward, "rpo": _rpo,
    "journal": _journal, "get": _get, "check": _check,
}  # fmt: skip


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: case["id"])
def test_a_worked_example_holds(case: Mapping[str, Any], tmp_path: Path) -> None:
    asked = Asked(case, tmp_path)
    code, out, err = asked.ask("check")
    said = (out + err).lower()
    if "refused" in case["expect"]:
        tables = case["expect"]["refused"]
        assert code == 3
        for table in [tables] if isinstance(tables, str) else tables:
            assert table.lower() in said
        return
    for report, ask in _QUESTIONS.items():
        for spec in case["expect"].get(report, []):
            ask(asked, spec)
    assert asked.compared > 0
