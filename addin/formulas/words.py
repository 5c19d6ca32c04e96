"""The arguments every formula shares: same word, same place, same help - what, when, how, which, from."""

from __future__ import annotations

from typing import Annotated

from addin.formulas.arguments import Cell, Kind

Contract = Annotated[
    Cell,
    Kind.IDS,
    "Contract id, a range of ids, or contract/obligation such as C1/plan; blank is the whole book.",
]
AsOf = Annotated[
    Cell,
    Kind.DAY,
    "Close of this day: a date, or a label such as 2026-03, 2026-Q1, FY2026 (its last day); blank is the book's as_of.",
]
Start = Annotated[
    Cell,
    Kind.DAY,
    "First day: a date, or a label such as 2026-03, 2026-Q1, FY2026; blank is the first day of the book's period.",
]
End = Annotated[
    Cell,
    Kind.DAY,
    "Last day (included): a date, or a label (its last day); blank is the last day of the book's period.",
]
Filters = Annotated[
    Cell,
    Kind.FILTERS,
    'Column and value to keep, as "entity=US; product=Support" or a range of two columns; blank keeps all.',
]
By = Annotated[
    Cell, Kind.WORD, "Row key: contract (default), obligation, customer, product, cohort, total or any column."
]
Book = Annotated[Cell, Kind.BOOK, "The cell with =RATABLE_BOOK(...); blank is the workbook this formula stands in."]
