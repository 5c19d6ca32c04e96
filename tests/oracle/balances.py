"""The figures of section 1: what T, R and B mean for a netting unit."""

from __future__ import annotations

#: The columns of the balances report after the currency.
COLUMNS = ["contracted", "recognized", "billed", "deferred", "deferred_current", "deferred_noncurrent"]
COLUMNS += ["contract_asset", "refund_liability", "backlog", "backlog_unbilled", "rpo"]

Figures = dict[str, int]


def stand(
    contracted: int, recognized: int, billed: int, expected: int, rpo: int, most_kept: int | None = None
) -> Figures:
    """All balances of one netting unit; `expected` is the revenue expected within the current months, work without a
    schedule included; `most_kept` what may be kept at most while negative estimates are in force. A unit with a
    negative price mirrors one with a positive price."""
    if contracted < 0:
        most = None if most_kept is None else -most_kept
        mirrored = stand(-contracted, -recognized, -billed, -expected, -rpo, most)
        return {column: -figure for column, figure in mirrored.items()}
    kept = min(billed, max(contracted, recognized))
    if most_kept is not None:
        kept = min(kept, most_kept)
    deferred = max(kept - recognized, 0)
    current = max(min(deferred, expected), 0)
    return {
        "contracted": contracted,
        "recognized": recognized,
        "billed": billed,
        "deferred": deferred,
        "deferred_current": current,
        "deferred_noncurrent": deferred - current,
        "contract_asset": max(recognized - kept, 0),
        "refund_liability": billed - kept,
        "backlog": contracted - recognized,
        "backlog_unbilled": contracted - max(kept, recognized),
        "rpo": rpo,
    }


def added(one: Figures, other: Figures) -> Figures:
    """Column by column, the sum."""
    return {column: one.get(column, 0) + other.get(column, 0) for column in COLUMNS}


def less(one: Figures, other: Figures) -> Figures:
    """Column by column, the difference."""
    return {column: one.get(column, 0) - other.get(column, 0) for column in COLUMNS}
