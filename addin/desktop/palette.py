"""The colors of the window, light and dark, in pairs that people with weak sight can read (WCAG 2.1 AA)."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors by what they are for, as #rrggbb.

    ink, muted          text, and text that stands back
    paper, card, line   the ground, what lies on it, hairlines between
    edge                outlines of what can be used: fields, buttons, the drop area
    press, press_hot    fill of the primary button, and under the pointer; press_ink its text
    hot                 fill under the pointer and of the drop area while something is held over it
    focus               the ring around what the keyboard is at
    chosen              fill of selected cells
    head, total         fill of headings and of the totals row
    today, today_ink    the column of the as-of month, and the line in the chart
    earned, scheduled   bars of the chart
    bands               the parts of RPO in order of time
    good, warn, fail    states, each with the fill it stands on
    """

    ink: str
    muted: str
    paper: str
    card: str
    line: str
    edge: str
    press: str
    press_hot: str
    press_ink: str
    hot: str
    focus: str
    chosen: str
    head: str
    total: str
    today: str
    today_ink: str
    earned: str
    scheduled: str
    good: str
    good_fill: str
    warn: str
    warn_fill: str
    fail: str
    fail_fill: str
    bands: tuple[str, str, str, str, str]


LIGHT = Palette(
    ink="#1b2430", muted="#54606f", paper="#f3f5f8", card="#ffffff", line="#d6dce3", edge="#7c8896",
    press="#1d5fa8", press_hot="#174d88", press_ink="#ffffff", hot="#e4eef9", focus="#1d5fa8", chosen="#cfe2f7",
    head="#eaeef3", total="#e6ecf3", today="#fff1cc", today_ink="#8a5300", earned="#748194", scheduled="#1d5fa8",
    good="#166b3f", good_fill="#e5f4eb", warn="#7d4b00", warn_fill="#fff4dc", fail="#a31d17", fail_fill="#fdeae8",
    bands=("#174d88", "#2f74bd", "#5a8fc9", "#748194", "#8a6d3b"),
)  # fmt: skip

DARK = Palette(
    ink="#e7ebf1", muted="#a9b4c2", paper="#12161b", card="#1c222a", line="#343e4a", edge="#7b8998",
    press="#2b6cb5", press_hot="#2461a5", press_ink="#ffffff", hot="#22364c", focus="#7db5f0", chosen="#294a6e",
    head="#252d37", total="#2a3440", today="#403510", today_ink="#f0bd62", earned="#8794a5", scheduled="#5ea3ec",
    good="#6fd39f", good_fill="#14301f", warn="#f2bd6b", warn_fill="#352a10", fail="#ff9d94", fail_fill="#421c19",
    bands=("#7db5f0", "#4f97e0", "#3f7ec2", "#8794a5", "#c09a5c"),
)  # fmt: skip

#: (text, ground) that occur together: a ratio of 4.5 at least
TEXTS = (
    *((ink, ground) for ink in ("ink", "muted") for ground in ("paper", "card", "hot", "head", "total")),
    *(("ink", ground) for ground in ("chosen", "today", "good_fill", "warn_fill", "fail_fill")),
    ("press_ink", "press"), ("press_ink", "press_hot"), ("today_ink", "card"), ("today_ink", "today"),
    *((state, ground) for state in ("good", "warn", "fail") for ground in ("card", f"{state}_fill", "paper")),
)  # fmt: skip
#: (mark, ground) that must be told apart to use the window: a ratio of 3 at least
MARKS = (
    *(("edge", ground) for ground in ("card", "paper")), *(("focus", ground) for ground in ("card", "paper")),
    ("earned", "card"), ("scheduled", "card"), ("press", "paper"),
)  # fmt: skip


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, 1 to 21.

    source  WCAG 2.1, "contrast ratio" and "relative luminance"
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def names() -> list[str]:
    """Names of the single colors."""
    return [field.name for field in fields(Palette) if field.name != "bands"]
