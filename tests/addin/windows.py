"""The Windows half of xlwings, stubbed: its own call_udf and converters then run anywhere, COM aside."""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import MagicMock, patch

#: What Excel's VBA hands over for an argument that was left out.
MISSING = -2147352572
NOT_AVAILABLE = -2146826246


class ComError(Exception):
    """pywintypes.com_error."""


def _module(name: str, **content: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(content)
    return module


def _unwrap(value: Any) -> Any:
    raise ValueError(value)


def _pywin32() -> dict[str, types.ModuleType]:
    client = _module("win32com.client", Dispatch=lambda given, *_, **__: given, VARIANT=object, CDispatch=object)
    for name in ("DispatchEx", "GetActiveObject"):
        setattr(client, name, None)
    client.DispatchBaseClass = client.CoClassBaseClass = object
    util = _module("win32com.server.util", unwrap=_unwrap, wrap=lambda given, *_, **__: given)
    modules = {
        "pythoncom": _module(
            "pythoncom", __file__="x", CoInitialize=lambda *_: None, com_error=ComError, IID_IDispatch=None,
            TypeIIDs={None: type("PyIDispatch", (), {})}, CLSCTX_LOCAL_SERVER=4, REGCLS_MULTIPLEUSE=1,
            REGCLS_SUSPENDED=4, IID_IEnumVARIANT=1,
        ),
        "pywintypes": _module("pywintypes", com_error=ComError, IID=lambda text: text, TimeType=dt.datetime),
        "win32timezone": _module("win32timezone", TimeZoneInfo=MagicMock()),
        "win32com": _module("win32com", client=client),
        "win32com.client": client,
        "win32com.client.dynamic": _module("win32com.client.dynamic", CDispatch=object),
        "win32com.client.gencache": _module("win32com.client.gencache", EnsureModule=lambda *_, **__: None),
        "win32com.server": _module("win32com.server", util=util),
        "win32com.server.util": util,
    }  # fmt: skip
    for name in ("dispatcher", "policy", "exception"):
        modules[f"win32com.server.{name}"] = _module(f"win32com.server.{name}")
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event"):
        modules[name] = _module(name)
    return modules


@contextmanager
def xlwings_of_windows() -> Iterator[Any]:
    """xlwings' COM object (`CallUDF` and all), while inside; no trace of the stubs is left behind."""
    known = {name for name in sys.modules if name.startswith(("xlwings", "addin.excel.udf_server"))}
    assert not known, f"already imported: {known}"
    with patch.dict(sys.modules, _pywin32()), patch.object(ctypes, "PyDLL", MagicMock()):
        for name in ("oledll", "windll"):
            if not hasattr(ctypes, name):
                setattr(ctypes, name, MagicMock())
        import xlwings
        from xlwings import Engine, _xlwindows, udfs

        xlwings._xlwindows = _xlwindows
        engine = Engine(impl=_xlwindows.engine)
        xlwings.engines.add(engine)
        xlwings.engines.active = engine
        xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
        yield import_module("xlwings.com_server").XLPython()
    # patch.dict has taken xlwings and the server's module out again with everything imported inside
