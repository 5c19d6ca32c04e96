"""customUI14.xml, the tab Ratable on Excel's ribbon, made from the buttons."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from addin.excel.ribbon import BUTTONS

_GROUPS = (
    ("Book", ("New", "Check", "Refresh")),
    ("Reports", ("Waterfall", "RollForward", "RPO", "Journal", "ClosePack")),
    ("Figure", ("Why", "DrillDown", "Freeze")),
    ("About", ("Help",)),
)
_LARGE = ("New", "Check", "Refresh", "ClosePack", "Help")


def ribbon_xml() -> str:
    """One tab of four groups; every button calls RatablePress with its id."""
    groups = "".join(
        f'      <group id="ratable{name}" label={quoteattr(name)}>\n{"".join(map(_button, ids))}      </group>\n'
        for name, ids in _GROUPS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui">\n  <ribbon>\n    <tabs>\n'
        f'    <tab id="ratableTab" label="Ratable">\n{groups}    </tab>\n    </tabs>\n  </ribbon>\n</customUI>\n'
    )


def _button(wanted: str) -> str:
    name, label, image, tip = next(button for button in BUTTONS if button[0] == wanted)
    size = "large" if name in _LARGE else "normal"
    return (
        f'        <button id="{name}" label={quoteattr(label)} size="{size}" imageMso="{image}" '
        f'screentip={quoteattr(label)} supertip={quoteattr(tip)} onAction="RatablePress"/>\n'
    )
