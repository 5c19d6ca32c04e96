"""customUI14.xml, the tab Ratable on Excel's ribbon, made from the buttons."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from addin.excel.ribbon import BUTTONS, MENUS

_GROUPS = (
    ("Book", ("New", "Check", "Refresh")),
    ("Reports", ("Waterfall", "RollForward", "RPO", "Journal", "ClosePack")),
    ("Figure", ("Why", "DrillDown", "Freeze")),
    ("About", ("Help",)),
)
_LARGE = ("New", "Check", "Refresh", "ClosePack", "Help")


def ribbon_xml() -> str:
    """One tab of four groups; every button calls RatablePress with its id. One with a menu is a split button."""
    groups = "".join(
        f'      <group id="ratable{name}" label={quoteattr(name)}>\n{"".join(map(_control, ids))}      </group>\n'
        for name, ids in _GROUPS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui">\n  <ribbon>\n    <tabs>\n'
        f'    <tab id="ratableTab" label="Ratable">\n{groups}    </tab>\n    </tabs>\n  </ribbon>\n</customUI>\n'
    )


def _control(wanted: str) -> str:
    button = next(button for button in BUTTONS if button[0] == wanted)
    size = f' size="{"large" if wanted in _LARGE else "normal"}"'
    if wanted not in MENUS:
        return _button(button, " " * 8, size)
    below = "".join(_button(each, " " * 12) for each in MENUS[wanted])
    return (
        f'        <splitButton id="{wanted}Split"{size}>\n{_button(button, " " * 10)}'
        f'          <menu id="{wanted}Menu" itemSize="large">\n{below}          </menu>\n        </splitButton>\n'
    )


def _button(button: tuple[str, str, str, str], indent: str, size: str = "") -> str:
    name, label, image, tip = button
    return (
        f'{indent}<button id="{name}" label={quoteattr(label)}{size} imageMso="{image}" '
        f'screentip={quoteattr(label)} supertip={quoteattr(tip)} onAction="RatablePress"/>\n'
    )
