"""How a column of a table is described, once: its kind, help, example and limits, on the pydantic field itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field


class Kind(StrEnum):
    """What a cell of a column holds, in the words of docs/tables.md."""

    ID = "id"
    TEXT = "text"
    WORD = "word"
    DAY = "date"
    MONEY = "money"
    PRICE = "price"  # money on a change, a price of one unit on a `use` event
    NUMBER = "number"
    WHOLE = "whole number"
    PERCENT = "percent"
    YES_NO = "yes / no"
    CURRENCY = "currency"


def column(
    help: str,
    kind: Kind,
    *,
    example: str = "",
    default: Any = ...,
    default_text: str = "",
    header: str = "",
    unit: str = "",
    above: int | None = None,
    at_least: int | None = None,
    below: int | None = None,
    at_most: int | None = None,
) -> Any:
    """A pydantic field that knows everything about its column.

    help          one line, shown as a tooltip
    example       a cell as a person would type it
    default       what a blank cell means; without one the column is required
    default_text  the default in words where it comes from elsewhere, as "the contract's"
    header        the name in the header row, where Python cannot have it (`from`)
    unit          what a number counts
    above ... at_most  the limits of a number
    """
    described: dict[str, Any] = {
        "kind": kind.value,
        "default_text": default_text,
        "header": header,
        "unit": unit,
        "above": above,
        "at_least": at_least,
        "below": below,
        "at_most": at_most,
    }
    return Field(default=default, description=help, examples=[example] if example else [], json_schema_extra=described)
