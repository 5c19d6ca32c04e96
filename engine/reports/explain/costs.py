"""Contract costs of a contract: what is capitalized, amortized and impaired of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.reports.explain.formula import Term, total
from engine.reports.explain.subject import Row, Subject


def cost_rows(subject: Subject) -> Iterator[Row]:
    """The carrying amount of each cost: what is capitalized less what is amortized and impaired."""
    costs, table = subject.schedule.costs, subject.book.costs
    carried = costs.to_date(subject.as_of.toordinal())
    key = subject.layout.contract_id(subject.contract)
    for n in np.flatnonzero(costs.contract == subject.contract).tolist():
        capitalized, amortized, impaired = (int(column[n]) for column in carried)
        if not capitalized:
            continue
        terms = [
            Term(capitalized, "capitalized"), Term(-amortized, "amortized"),
            Term(-impaired, "impaired because the contract ended"),
        ]  # fmt: skip
        start = table["start"][n] or subject.evidence.contract(subject.contract, "start") or table["date"][n]
        end = table["end"][n] or subject.evidence.contract(subject.contract, "end")
        term = f"; over {start} to {end}" if end else "; no end is known: not amortized"
        words = (total(terms, subject.money) or "nothing") + term
        amount = capitalized - amortized - impaired
        yield Row(key, f"cost {table['cost_id'][n]}", amount, words, table.where(n, "amount"))
