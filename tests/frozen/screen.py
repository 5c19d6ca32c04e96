"""A picture of the whole screen of X11: `python -m tests.frozen.screen OUT.png`."""

from __future__ import annotations

import os
import sys


def main(out: str) -> int:
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    from PySide6.QtGui import QGuiApplication

    app = QGuiApplication(sys.argv[:1])
    return 0 if app.primaryScreen().grabWindow(0).save(out) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
