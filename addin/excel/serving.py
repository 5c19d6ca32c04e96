"""`ratable udf-server {CLSID}`: checks what Excel's bridge asks for, then answers until Excel ends."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

_CLSID = re.compile(r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")
_USAGE = "udf-server is for Excel alone, which starts it with the class id to answer under: {12345678-...}"


def serve(arguments: Sequence[str]) -> int:
    """Exit code: 0 after Excel has ended, 2 if this cannot be a server."""
    if len(arguments) != 1 or not _CLSID.fullmatch(arguments[0]):
        return _refuse(_USAGE)
    if sys.platform != "win32":
        return _refuse("udf-server answers Excel on Windows; here there is none.")
    os.environ.pop("XLWINGS_LICENSE_KEY", None)  # it would switch on a part of xlwings under another license
    try:
        from addin.excel.udf_server import serve as answer
    except ImportError as missing:
        return _refuse(f'xlwings is missing ({missing}): pip install "ratable[excel]"')
    answer(arguments[0])
    return 0


def _refuse(words: str) -> int:
    print(f"ratable: {words}", file=sys.stderr)
    return 2
