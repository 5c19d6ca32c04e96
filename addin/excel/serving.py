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
    for switch in ("XLWINGS_LICENSE_KEY", "XLWINGS_ON_SERVER"):  # to parts of xlwings that are under another license
        os.environ.pop(switch, None)
    try:
        from addin.excel.udf_server import serve as answer
    except ImportError as missing:
        return _refuse(f'xlwings is missing ({missing}): pip install "ratable[excel]"')
    answer(arguments[0])
    return 0


def serve_stock(arguments: Sequence[str]) -> int:
    """The same for the macros that come with xlwings: they start `python -B -c "...; xlwings.serve('{CLSID}')"`.

    The class id is read out of that text; nothing in it is ever executed.
    """
    found = {match.group() for text in arguments for match in _CLSID.finditer(text)}
    return serve(sorted(found))


def _refuse(words: str) -> int:
    print(f"ratable: {words}", file=sys.stderr)
    return 2
