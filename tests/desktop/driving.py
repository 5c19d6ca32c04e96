"""A person at the window: drops, clicks, types, waits, looks."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from addin.desktop.memory import Memory
from addin.desktop.program import application, dispose
from addin.desktop.window import Window

_PATIENCE = 60.0
_PLACE, _LEFT, _NO_KEY = QPointF(200, 200), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Driven:
    """A window, and what it opened in other programs."""

    def __init__(
        self, today: date, memory: Memory | None = None, size: tuple[int, int] = (1180, 780), opens: bool = True
    ) -> None:
        self.app = application()
        self.opened: list[Path] = []
        self.packed: list[Path] = []

        def open_with(path: Path) -> bool:
            self.opened.append(path)
            return opens

        self.window = Window(memory or Memory.of(None), lambda: today, open_with)
        self.window.packed.connect(self.packed.append)
        self.window.resize(*size)
        self.window.show()
        self.rest()

    def rest(self, seconds: float = 0.05) -> None:
        """Let the window paint and answer for a while."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)

    def until(self, holds: Callable[[], Any], patience: float = _PATIENCE) -> None:
        """Wait for something to be true."""
        end = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < end, f"waited in vain; the window says {self.window.told!r}"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def settle(self) -> None:
        """Wait until the window has nothing to do."""
        self.until(lambda: not self.window.busy)
        self.rest()

    def open(self, path: Path) -> None:
        self.window.open(path)
        self.settle()

    def hold(self, *paths: Path) -> QMimeData | None:
        """Drag files over the window; what is held, or None if they are not wanted."""
        held = QMimeData()
        held.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        entered = QDragEnterEvent(_PLACE.toPoint(), Qt.DropAction.CopyAction, held, _LEFT, _NO_KEY)
        entered.setAccepted(False)
        QApplication.sendEvent(self.window, entered)
        return held if entered.isAccepted() else None

    def drop(self, *paths: Path) -> bool:
        """Drag files over the window and let them go; whether they were taken."""
        held = self.hold(*paths)
        if held is None:
            return False
        QApplication.sendEvent(self.window, QDropEvent(_PLACE, Qt.DropAction.CopyAction, held, _LEFT, _NO_KEY))
        self.settle()
        return True

    def choose(self, field: str, value: Any) -> None:
        """Choose in as_of, currency, group or measure, as the mouse does."""
        box = getattr(self.window.book, field)
        place = [box.itemData(n) for n in range(box.count())].index(value)
        box.setCurrentIndex(place)
        box.activated.emit(place)
        self.settle()

    def message(self) -> str:
        """The text of the message box that is open; it is closed."""
        boxes = [
            found for found in QApplication.topLevelWidgets() if isinstance(found, QMessageBox) and found.isVisible()
        ]
        assert len(boxes) == 1, boxes
        text = boxes[0].text()
        boxes[0].done(0)
        return text

    def card(self, name: str) -> str:
        return self.window.book.figures.cards[name].figure.text()

    def close(self) -> None:
        dispose(self.window)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


CONTRACTS = [
    {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01", "currency": "USD"},
    {"contract_id": "C2", "customer": "Birch", "signed_on": "2026-02-01", "currency": "USD"},
]
OBLIGATIONS = [
    {"contract_id": "C1", "obligation_id": "plan", "price": "1200.00", "start": "2026-01-01", "end": "2026-12-31"},
    {"contract_id": "C2", "obligation_id": "plan", "price": "2400.00", "start": "2026-02-01", "end": "2028-01-31"},
]
BILLINGS = [{"document_id": "D1", "contract_id": "C1", "date": "2026-01-01", "amount": "1200.00"}]


def write_book(folder: Path, **tables: list[dict[str, str]]) -> Path:
    """A book as a folder of CSV files: the tables above, or others in their place."""
    folder.mkdir(exist_ok=True)
    settings = [{"name": "as_of", "value": "2026-06-30"}, {"name": "convention", "value": "monthly"}]
    whole = {"settings": settings, "contracts": CONTRACTS, "obligations": OBLIGATIONS, "billings": BILLINGS} | tables
    for name, rows in whole.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def broken(folder: Path) -> Path:
    """A book with a service that ends before it starts, a contract that is not there, and a price that is none."""
    return write_book(
        folder,
        obligations=[
            {**OBLIGATIONS[0], "end": "2025-12-31"},
            {**OBLIGATIONS[1], "contract_id": "C9", "price": "24x0.00"},
        ],
    )


def untied(folder: Path) -> Path:
    """A book whose general ledger says something else than its schedule, and a document entered twice."""
    return write_book(
        folder,
        accounts=[{"role": "deferred_current", "account": "2400"}],
        ledger=[{"account": "2400", "date": "2026-06-30", "balance": "-725.00"}],
        billings=[*BILLINGS, {**BILLINGS[0], "document_id": "D2"}],
    )


def sample_with_a_ledger_that_differs(path: Path) -> Path:
    """The sample book with 1,250.00 more in the first account of its general ledger."""
    from workbook_templates import sample_book

    workbook = openpyxl.load_workbook(sample_book())
    sheet = workbook["Ledger"]
    column = [cell.value for cell in sheet[1]].index("balance") + 1
    sheet.cell(2, column).value += 1250
    workbook.save(path)
    return path
