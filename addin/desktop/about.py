"""What the Help menu shows: version, licences, shortcuts."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from addin.desktop.words import PRIVACY
from engine.version import VERSION

#: what the program is made of, by the names of its packages
_PARTS = (
    "PySide6_Essentials",
    "shiboken6",
    "numpy",
    "openpyxl",
    "et_xmlfile",
    "pydantic",
    "pydantic_core",
    "python-calamine",
)
SHORTCUTS = (
    ("Ctrl+O", "choose a workbook"), ("Ctrl+Shift+O", "choose a folder of CSV files"),
    ("Ctrl+N", "write an empty book"), ("Ctrl+Return", "create the close pack"),
    ("Ctrl+Shift+Return", "close a period"), ("F5", "read the book again"),
    ("Ctrl+E", "open the book in Excel"), ("Esc", "cancel what is being done"), ("Alt+A", "as-of month"),
    ("Alt+U", "currency"), ("Alt+G", "group by"), ("Alt+S", "what is shown"), ("Ctrl+1, Ctrl+2", "waterfall, checks"),
    ("Return", "on a finding: open its cell"), ("Ctrl+C", "copy the selected cells or finding"),
    ("Left, Right", "in the chart: from bar to bar"), ("F1", "these keys"), ("Ctrl+Q", "end the program"),
)  # fmt: skip


def about() -> str:
    """Version and promise."""
    return (
        f"<h3>Ratable {VERSION}</h3>"
        "<p>Deferred revenue and revenue backlog by ASC 606 / IFRS 15, exact to the cent.</p>"
        f"<p>{PRIVACY} No account, no telemetry, no update check.</p>"
        f"<p>Qt {qVersion()}, Python {platform.python_version()}, {platform.system()} {platform.machine()}</p>"
    )


def shortcuts() -> str:
    """The keys."""
    rows = "".join(
        f"<tr><td><b>{keys}</b></td><td style='padding-left:18px'>{what}</td></tr>" for keys, what in SHORTCUTS
    )
    return f"<h3>Keyboard</h3><table>{rows}</table>"


def licences(notices: Path | None = None) -> str:
    """The licences of the parts: the notices the program was packed with, else what the packages say of themselves.

    notices  default THIRD-PARTY-NOTICES.txt beside the program
    """
    import html
    import sys

    file = notices or Path(sys.executable).with_name("THIRD-PARTY-NOTICES.txt")
    if file.is_file():
        return f"<pre>{html.escape(file.read_text('utf-8', 'replace'))}</pre>"
    rows = "".join(
        f"<tr><td>{name} {version}</td><td style='padding-left:18px'>{said}</td></tr>"
        for name, version, said in _parts()
    )
    qt = (
        "<p>The window uses Qt for Python (PySide6) under the GNU Lesser General Public License, version 3; its "
        "libraries lie beside the program as files and may be replaced by other builds. Sources: "
        "https://download.qt.io/official_releases/QtForPython</p>"
    )
    return f"<h3>Licences</h3><p>Ratable is made with:</p><table>{rows}</table>{qt}"


def _parts() -> list[tuple[str, str, str]]:
    found = []
    for name in _PARTS:
        try:
            said = metadata(name)
        except PackageNotFoundError:
            continue
        words = said["License-Expression"] or said["License"] or ""
        classes = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or () if line.startswith("License ::")]
        short = words if words and len(words) < 80 else "; ".join(classes)
        found.append((said["Name"], said["Version"], short or "see its package"))
    return found


class TextDialog(QDialog):
    """A text to read."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = QTextBrowser()
        self.text.setHtml(text)
        self.text.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(620, 430)
