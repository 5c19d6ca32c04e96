"""The line at the foot: what is being done and how far it is, what was written, the one button that matters."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from addin.desktop.elided import Elided
from addin.desktop.words import PRIVACY


class Footer(QWidget):
    """`pack_wanted`, `close_wanted`, `cancel_wanted`; `open_wanted`, `folder_wanted`: what was written last."""

    pack_wanted = Signal()
    close_wanted = Signal()
    cancel_wanted = Signal()
    open_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", True)
        self._told, self._promises = "", True
        self.status = Elided()
        self.status.setAccessibleName("Status")
        self.open, self.folder = QPushButton("&Open it"), QPushButton("Show in fol&der")
        for button, signal in ((self.open, self.open_wanted), (self.folder, self.folder_wanted)):
            button.setProperty("flat", True)
            button.clicked.connect(signal)
            button.hide()
        self.privacy = QLabel("Nothing leaves this machine")
        self.privacy.setProperty("role", "muted")
        self.privacy.setToolTip(PRIVACY)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress")
        self.bar.setFixedWidth(210)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Esc")
        self.cancel.clicked.connect(self.cancel_wanted)
        self.pack = QPushButton("Create close &pack…")
        self.pack.setProperty("primary", True)
        self.pack.setToolTip("Ctrl+Return")
        self.pack.clicked.connect(self.pack_wanted)
        self.close_period = QPushButton("Close a per&iod…")
        self.close_period.setToolTip("Ctrl+Shift+Return")
        self.close_period.clicked.connect(self.close_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 10)
        layout.setSpacing(10)
        layout.addWidget(self.status, 1)
        for widget in (self.open, self.folder, self.bar, self.cancel, self.privacy, self.close_period, self.pack):
            layout.addWidget(widget)
        self.rest()

    def say(self, words: str, written: bool = False) -> None:
        """Tell something; with `written`, offer to open it."""
        self.status.setText(words)
        self.status.setToolTip(words)
        for button in (self.open, self.folder):
            button.setVisible(written)

    def hint(self, words: str) -> None:
        """Tell something for as long as it is so; a blank brings back what was told before."""
        if words:
            self._told = self.status.text()
        self.status.setText(words or self._told)

    def work(self, words: str) -> None:
        """Something goes on."""
        self.say(words)
        self.privacy.hide()  # gives way to the bar
        self.bar.setRange(0, 0)
        self.bar.show()
        self.cancel.setEnabled(True)
        self.cancel.show()

    def stopping(self) -> None:
        """It was asked to stop."""
        self.cancel.setEnabled(False)
        self.status.setText("Cancelling ...")

    def rest(self) -> None:
        """Nothing goes on."""
        self.bar.hide()
        self.cancel.hide()
        self.privacy.setVisible(self._promises)

    def promise(self, promises: bool) -> None:
        """Whether it says that nothing leaves the machine, where nothing goes on."""
        self._promises = promises
        self.privacy.setVisible(promises and self.bar.isHidden())

    def progress(self, what: str, done: int, of: int) -> None:
        """How far it is."""
        if of > 0:
            self.bar.setRange(0, of)
            self.bar.setFormat(f"{what} %p%")
            self.bar.setValue(min(done, of))
            self.bar.setAccessibleDescription(f"{what}: {100 * done // of} %")
