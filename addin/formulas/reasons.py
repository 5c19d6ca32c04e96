"""Why cells show errors: the reason behind each, by the place of the cell, for =RATABLE_WHY()."""

from __future__ import annotations

from collections import OrderedDict

from addin.formulas.errors import FormulaError

#: Reasons remembered; a sheet full of errors has the same few.
_MOST = 100_000
_known: OrderedDict[str, str] = OrderedDict()


def remember(place: str, error: FormulaError | None) -> None:
    """Note why the cell at `place` shows an error, or that it shows none any more."""
    if error is None:
        _known.pop(place, None)
        return
    _known[place] = error.reason
    while len(_known) > _MOST:
        _known.popitem(last=False)


def why(cell: object) -> str:
    """The reason of an error, or of what was remembered at a place; empty if there is none."""
    return cell.reason if isinstance(cell, FormulaError) else _known.get(str(cell), "")
