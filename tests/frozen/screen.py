"""Pictures of the screen that Xvfb draws into a file, in the format of xwd: a header of numbers, then pixels."""

from __future__ import annotations

import os
import struct
from pathlib import Path

_HEADER_SIZE, _WIDTH, _HEIGHT, _BITS, _LINE, _COLORS = 0, 4, 5, 11, 12, 19  # places in the header
_COLOR_SIZE = 12


def picture(path: Path) -> bytes:
    """Save what the screen shows; returns its pixels."""
    from PySide6.QtGui import QImage

    data = Path(os.environ["RATABLE_SCREEN"]).read_bytes()
    header = struct.unpack_from(">25I", data)
    assert header[_BITS] == 32
    start = header[_HEADER_SIZE] + header[_COLORS] * _COLOR_SIZE
    pixels = data[start : start + header[_LINE] * header[_HEIGHT]]
    image = QImage(pixels, header[_WIDTH], header[_HEIGHT], header[_LINE], QImage.Format.Format_RGB32)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert image.save(str(path))
    return pixels
