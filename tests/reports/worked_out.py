"""Works out the formulas of an explanation as a reader would: labels are words, `x` is times, ROUND is to the cent."""

from __future__ import annotations

import re
from fractions import Fraction

_OF = re.compile(
    r"((?:\d[\d,]* \+ )?\d[\d,]*(?:/\d+)?) of ((?:\d[\d,]* \+ )?\d[\d,]*(?:/\d+)?) (?:months|days|thirty-day days)"
)
_DATES = re.compile(r"\b\d{4}-(?:\d\d-\d\d|\d\d|Q\d)\b")
_TOKENS = re.compile(r"ROUND_HALF_EVEN|ROUND|min|max|\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?|[()+\-*/,]")


def formula_of(arithmetic: str) -> str:
    """What stands before the first semicolon, its labels left out; empty if that is words alone."""
    text = _DATES.sub("", arithmetic.split(";")[0])
    text = _OF.sub(r"((\1)/(\2))", text)
    text = re.sub(r" x ", " * ", text)
    text = re.sub(r"(?<=[a-z]),", " ", text)
    return " ".join(_TOKENS.findall(re.sub(r"\b(?!ROUND_HALF_EVEN\b|ROUND\b|min\b|max\b)[A-Za-z_][\w'-]*", " ", text)))


def worked_out(arithmetic: str, decimals: int) -> Fraction | None:
    """The amount a formula comes to, in whole minor units; None where there are words alone."""
    formula = formula_of(arithmetic)
    if not re.search(r"\d", formula):
        return None
    number = re.compile(r"\d[\d,]*(?:\.\d+)?")

    def as_fraction(match: re.Match[str]) -> str:
        digits = match.group()
        comma = "," if digits.endswith(",") else ""
        return f"F('{digits.rstrip(',').replace(',', '')}'){comma}"

    unit = Fraction(10) ** decimals

    def away(value: Fraction) -> Fraction:
        return Fraction(int(abs(value) * unit + Fraction(1, 2)) * (1 if value >= 0 else -1)) / unit

    def even(value: Fraction) -> Fraction:
        return Fraction(round(value * unit)) / unit

    names = {"F": Fraction, "ROUND": away, "ROUND_HALF_EVEN": even, "min": min, "max": max}
    found = eval(number.sub(as_fraction, formula), names)
    return Fraction(found) * unit
