"""The icon of Ratable, drawn: a waterfall of revenue, four bars that step down, the first of them already earned.

No picture of anybody else is in it. The same code gives the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache

SIZES = (16, 24, 32, 48, 64, 128, 256)
_GROUND, _EARNED, _AHEAD = (0x1F, 0x3A, 0x5F), (0x7F, 0xD1, 0xAE), (0xFF, 0xFF, 0xFF)
_CORNER = 0.2
#: left, top, right, bottom of each bar as parts of the side
_BARS = (
    ((0.17, 0.20, 0.31, 0.80), _EARNED), ((0.35, 0.32, 0.49, 0.80), _AHEAD), ((0.53, 0.46, 0.67, 0.80), _AHEAD),
    ((0.71, 0.60, 0.85, 0.80), _AHEAD),
)  # fmt: skip
_FINE = 256  # points a side at least, so that edges are smooth


def icon() -> bytes:
    """An .ico with every size Windows asks for, each a PNG."""
    pictures = [png(size) for size in SIZES]
    header, place = struct.pack("<HHH", 0, 1, len(SIZES)), 6 + 16 * len(SIZES)
    for size, picture in zip(SIZES, pictures, strict=True):
        side = size % 256  # 256 is written as 0
        header += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return header + b"".join(pictures)


@cache
def png(size: int) -> bytes:
    """The icon as a PNG of so many pixels a side."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y, size) for x in range(size)) for y in range(size))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _pixel(x: int, y: int, size: int) -> bytes:
    """Red, green, blue and opacity: the mean of the points within the pixel."""
    fine = max(2, min(8, _FINE // size))
    steps = [(step + 0.5) / fine for step in range(fine)]
    colors = [_color((x + dx) / size, (y + dy) / size) for dy in steps for dx in steps]
    seen = [color for color in colors if color is not None]
    if not seen:
        return bytes(4)
    return bytes(
        [*(round(sum(part) / len(seen)) for part in zip(*seen, strict=True)), round(255 * len(seen) / len(colors))]
    )


def _color(x: float, y: float) -> tuple[int, int, int] | None:
    near_x, near_y = (min(max(part, _CORNER), 1 - _CORNER) for part in (x, y))
    if (x - near_x) ** 2 + (y - near_y) ** 2 > _CORNER**2:
        return None
    for (left, top, right, bottom), color in _BARS:
        if left <= x < right and top <= y < bottom:
            return color
    return _GROUND
