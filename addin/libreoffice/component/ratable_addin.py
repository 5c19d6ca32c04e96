"""The component LibreOffice loads: every formula as a method of one UNO object, and a listener for changed cells."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import uno  # noqa: F401 - makes the modules of UNO importable
import unohelper
from com.sun.star.lang import XServiceInfo
from com.sun.star.util import XModifyListener
from org.ratable.addin import XRatable
from ratable_libreoffice.asking import Asking
from ratable_libreoffice.program import Program
from ratable_libreoffice.why import why

IMPLEMENTATION = "org.ratable.addin.Formulas"


class Changes(unohelper.Base, XModifyListener):  # type: ignore[misc] # UNO has no types
    """Waits for the first change of a workbook, or for its end, once."""

    def __init__(self, sources: Sequence[Any], forget: Callable[[bool], None]) -> None:
        self._sources, self._forget = sources, forget
        for source in sources:
            source.addModifyListener(self)

    def modified(self, event: Any) -> None:
        self._done(closed=False)

    def disposing(self, source: Any) -> None:
        self._done(closed=True)

    def _done(self, closed: bool) -> None:
        sources, self._sources = self._sources, ()
        if not sources:
            return
        self._forget(closed)
        if not closed:
            for source in sources:
                source.removeModifyListener(self)


def _listen(model: Any, blocks: Sequence[Any], forget: Callable[[bool], None]) -> None:
    Changes([model, *blocks], forget)


class RatableAddIn(unohelper.Base, XRatable, XServiceInfo):  # type: ignore[misc] # UNO has no types
    """The formulas; their methods are put in below, one for each in formulas.json."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        told = json.loads(Path(__file__).with_name("formulas.json").read_text("utf-8"))
        self.functions = told["formulas"]
        self.asking = Asking(self.functions, told["tables"], Program(), _listen)

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name == IMPLEMENTATION

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (IMPLEMENTATION,)

    def RATABLE_WHY(self, model: Any, cell: Any) -> Any:
        """The one formula that LibreOffice gives a cell, not what stands in it."""

        def again(formula: str, arguments: tuple[Any, ...]) -> None:
            blanks = (None,) * (len(self.functions[formula]["kinds"]) - len(arguments))
            self.asking.asked_again(formula, model, (*arguments, *blanks))

        return why(cell, hash(model), self.functions, self.asking.reasons, again)


def _method(formula: str, result: str) -> Callable[..., Any]:
    def rows(self: RatableAddIn, model: Any, *arguments: Any) -> Any:
        return self.asking.answer(formula, model, arguments)

    def text(self: RatableAddIn, model: Any, *arguments: Any) -> Any:
        return self.asking.answer(formula, model, arguments)[0][0]

    return text if result == "text" else rows


for _name, _told in json.loads(Path(__file__).with_name("formulas.json").read_text("utf-8"))["formulas"].items():
    if not hasattr(RatableAddIn, _name):
        setattr(RatableAddIn, _name, _method(_name, _told["result"]))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(RatableAddIn, IMPLEMENTATION, (IMPLEMENTATION,))
