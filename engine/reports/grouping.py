"""Grouping: which row of a report each obligation belongs to, and which obligations a report is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from engine.schedule.currency import Currency, Valuation, valuation
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added
from engine.schedule.schedule import Schedule

NETTING = "(netting)"
BLANK = "(blank)"
#: words for a key that are not columns
_WORDS = {"contract": "contract_id", "cohort": None, "obligation": None, "total": None}


class UnknownColumn(ValueError):
    """No column of that name in Contracts or Obligations."""


class UnknownId(LookupError):
    """No contract or obligation of that id."""


def as_text(value: object) -> str:
    """A cell as a key: dates ISO, yes/no in words, whole numbers without a point; a day not yet known is blank."""
    if value in (None, "", date.max):
        return BLANK
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else str(float(value))
    return str(value)


def column(schedule: Schedule, name: str) -> list[str]:
    """A column of the book by name, one value for each obligation: of Obligations, else of Contracts.

    raises UnknownColumn
    """
    name = (_WORDS.get(name) or name).strip().lower()
    of_obligation = {key.lower(): key for key in schedule.book.obligations.columns}
    of_contract = {key.lower(): key for key in schedule.book.contracts.columns}
    if name == "cohort":
        signed = schedule.contract_column("signed_on")
        return [_cohort(schedule, day) for day in signed]
    if name == "obligation":
        ids = zip(schedule.contract_column("contract_id"), schedule.obligation_column("obligation_id"), strict=True)
        return [f"{contract}/{obligation}" for contract, obligation in ids]
    if name == "total":
        return ["total"] * schedule.count
    if name not in of_obligation and name not in of_contract:
        known = sorted({*of_obligation, *of_contract, *_WORDS})
        raise UnknownColumn(f"no column {name!r} in Contracts or Obligations; there are {', '.join(known)}")
    own = schedule.obligation_column(of_obligation[name]) if name in of_obligation else [None] * schedule.count
    if name not in of_contract:
        return [as_text(value) for value in own]
    inherited = schedule.contract_column(of_contract[name])
    return [as_text(base if value is None else value) for value, base in zip(own, inherited, strict=True)]


def chosen(schedule: Schedule, contracts: Sequence[str] | None = None, where: Mapping[str, str] | None = None) -> Bools:
    """Which obligations a question is about.

    contracts  ids, or `C1/plan` for one obligation; None is all
    where      column -> value, compared without regard to case
    raises     UnknownId, UnknownColumn
    """
    keep = np.ones(schedule.count, bool)
    for name, value in (where or {}).items():
        wanted = value.strip().lower()
        keep &= np.fromiter((text.lower() == wanted for text in column(schedule, name)), bool, schedule.count)
    if contracts is None:
        return keep
    ids, full = column(schedule, "contract"), column(schedule, "obligation")
    known = {*ids, *full}
    known |= set(schedule.book.contracts["contract_id"])
    for wanted_id in contracts:
        if wanted_id not in known:
            raise UnknownId(f"no contract or obligation {wanted_id!r} in the book")
    names = set(contracts)
    keep &= np.fromiter((a in names or b in names for a, b in zip(ids, full, strict=True)), bool, schedule.count)
    return keep


def is_home(schedule: Schedule) -> Bools:
    """Which obligations are in the currency the entity reports in."""
    reporting = schedule.book.settings.reporting_currency
    codes = schedule.contract_column("currency")
    return np.fromiter((code == reporting for code in codes), bool, len(codes))


@dataclass(frozen=True)
class Grouping:
    """Rows of a report: obligations with the same key and currency stand in one row.

    valuation  in which currency figures are given
    by         word or column of the key
    keys       (key, currency) of each row, in order of first appearance
    labels     row of each obligation, -1 for those left out
    """

    valuation: Valuation
    by: str
    keys: list[tuple[str, str]]
    labels: Ints

    @staticmethod
    def of(schedule: Schedule, by: str, keep: Bools | None = None, currency: Currency = "contract") -> Grouping:
        """raises UnknownColumn"""
        of = valuation(schedule, currency)
        keys, labels = schedule.once(("grouping", by, currency), lambda: _numbered(of, by))
        if keep is None or keep.all():
            return Grouping(of, by, keys, labels)
        kept = np.unique(labels[keep])
        new_number = np.full(len(keys), -1)
        new_number[kept] = np.arange(len(kept))
        return Grouping(of, by, [keys[n] for n in kept], np.where(keep, new_number[labels], -1))

    @property
    def schedule(self) -> Schedule:
        return self.valuation.schedule

    def added(self, figures: Ints) -> Ints:
        """A column of obligations added up by row."""
        result = np.zeros(len(self.keys) + 1, np.int64)
        np.add.at(result, self.labels, figures)
        return result[:-1]

    def revenue_to_date(self, days: Sequence[date]) -> Ints:
        """Revenue to date, days x rows."""
        labels = np.where(self.labels < 0, len(self.keys), self.labels)
        return self.valuation.revenue_to_date(days, labels, len(self.keys) + 1)[:, :-1]

    def taken_over(self, day: date) -> Ints:
        """What former systems had recognized of contracts taken over by the close of `day`, by row."""
        if not self.schedule.has_openings:
            return np.zeros(len(self.keys), np.int64)
        return self.added(self.valuation.taken_over(day))

    def planned(self, as_of: date, days: Sequence[date]) -> Planned:
        """The backlog of a day, and what of it is recognized by each of some later days, by the schedule in force."""
        schedule = self.schedule
        if self.valuation.currency == "contract":  # nothing nets: what is expected adds up by row
            labels = np.where(self.labels < 0, len(self.keys), self.labels)
            expected = schedule.recognized_to_date([as_of, *days], as_of, labels, len(self.keys) + 1)[:, :-1]
            return Planned(self.keys, expected[0], self.added(schedule.contracted(as_of)) - expected[0],
                           expected[1:] - expected[0])  # fmt: skip
        spread, unit, now = netted(self, as_of), schedule.unit(as_of), schedule.recognized(as_of)
        of_units, own = self.valuation.positions(as_of)
        by_day = []
        for day in days:
            expected = schedule.recognized(day, as_of) - now
            pair = added(expected, unit, len(of_units.deferred)), expected
            by_day.append(spread(*self.valuation.worth(as_of, pair)))
        return Planned(spread.rows, spread(of_units.recognized, own.recognized), spread(of_units.backlog, own.backlog),
                       np.array(by_day, np.int64).reshape(len(days), len(spread.rows)))  # fmt: skip


def _cohort(schedule: Schedule, signed: date) -> str:
    """The period in which a contract was signed."""
    if signed == date.max:
        return BLANK
    return schedule.calendar.label(schedule.calendar.period(signed.toordinal()))


@dataclass(frozen=True)
class Planned:
    """By row: recognized to date, backlog, and days x rows what of the backlog is recognized by each day.

    rows  (key, currency) of each row: those of the grouping and `(netting)` ones where anything nets
    """

    rows: list[tuple[str, str]]
    recognized: Ints
    backlog: Ints
    expected: Ints


def _numbered(of: Valuation, by: str) -> tuple[list[tuple[str, str]], Ints]:
    """Every (key, currency) in order of first appearance, and the number of each obligation's."""
    pairs = list(zip(column(of.schedule, by), of.currencies(), strict=True))
    number: dict[tuple[str, str], int] = {}
    labels = np.fromiter((number.setdefault(pair, len(number)) for pair in pairs), np.int64, len(pairs))
    return list(number), labels


@dataclass(frozen=True)
class Netted:
    """Balances by row of a grouping, with what nets inside a unit whose obligations stand in different rows.

    rows      (key, currency) of each row: those of the grouping and `(netting)` ones where anything nets
    unit      netting unit of each obligation
    """

    rows: list[tuple[str, str]]
    spread: _Spread

    def __call__(self, of_units: Ints, of_obligations: Ints) -> Ints:
        """Figures of each row, from those of netting units and of obligations on their own."""
        return self.spread.figures(of_units, of_obligations)


class _Spread:
    """Where the figures of units and of obligations on their own go."""

    def __init__(self, grouping: Grouping, unit: Ints, each_unit: bool) -> None:
        labels, self.unit = grouping.labels, unit
        self.units = int(unit.max(initial=-1)) + 1
        lowest, highest = (np.full(self.units, fill) for fill in (np.iinfo(np.int64).max, -1))
        np.minimum.at(lowest, unit, labels)
        np.maximum.at(highest, unit, labels)
        self.whole = (lowest == highest) & (lowest >= 0)
        #: row of units that stand in one row, and of obligations of the others
        self.unit_row = np.where(self.whole, highest, -1)
        self.own_row = np.where(self.whole[unit], -1, labels)
        self.nets = ~self.whole & (lowest >= 0)
        self.count = len(grouping.keys)
        self.netting_row = np.full(self.units, -1)
        self.netting_keys: list[tuple[str, str]] = []
        self._name_netting(grouping, each_unit)

    def _name_netting(self, grouping: Grouping, each_unit: bool) -> None:
        schedule = grouping.schedule
        nets = np.flatnonzero(self.nets)
        first = np.searchsorted(self.unit, nets)
        contracts, currencies = schedule.contract_column("contract_id"), grouping.valuation.currencies()
        numbers: dict[tuple[str, str], int] = {}
        for unit, place in zip(nets.tolist(), first.tolist(), strict=True):
            name = f"{contracts[place]}/{NETTING}" if each_unit else NETTING
            key = (name, str(currencies[place]))
            self.netting_row[unit] = self.count + numbers.setdefault(key, len(numbers))
        self.netting_keys = list(numbers)

    def figures(self, of_units: Ints, of_obligations: Ints) -> Ints:
        result = np.zeros(self.count + len(self.netting_keys) + 1, np.int64)
        np.add.at(result, self.unit_row, of_units)
        np.add.at(result, self.own_row, np.where(self.own_row >= 0, of_obligations, 0))
        apart = np.zeros(self.units, np.int64)
        np.add.at(apart, self.unit, of_obligations)
        np.add.at(result, self.netting_row, np.where(self.nets, of_units - apart, 0))
        return result[:-1]


def netted(grouping: Grouping, day: date, each_unit: bool = False) -> Netted:
    """How figures at `day` net over the rows of a grouping; with `each_unit` every unit has a netting row of its
    own."""
    spread = _Spread(grouping, grouping.schedule.unit(day), each_unit or grouping.by == "obligation")
    return Netted([*grouping.keys, *spread.netting_keys], spread)
