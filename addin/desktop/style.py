"""How the window looks: fonts, light and dark, the style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from addin.desktop.palette import DARK, LIGHT, Palette

#: the first that is installed: Windows, then what Linux brings
FONTS = ("Segoe UI", "Open Sans", "DejaVu Sans")

_SHEET = """
QMainWindow, QDialog, QWidget[page="true"] {{ background: {paper}; color: {ink}; }}
QMenuBar {{ background: {paper}; color: {ink}; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; }}
QMenuBar::item:selected {{ background: {hot}; }}
QMenu {{ background: {card}; color: {ink}; border: 1px solid {edge}; padding: 4px 0; }}
QMenu::item {{ padding: 5px 26px 5px 22px; }}
QMenu::item:selected {{ background: {hot}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 0; }}
QLabel {{ color: {ink}; background: transparent; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="good"] {{ color: {good}; }}
QLabel[role="warn"] {{ color: {warn}; }}
QLabel[role="fail"] {{ color: {fail}; }}
QFrame[card="true"] {{ background: {card}; border: 1px solid {line}; border-radius: 6px; }}
QFrame#drop {{ background: {card}; border: 2px dashed {edge}; border-radius: 10px; }}
QFrame#drop[hot="true"] {{ background: {hot}; border-color: {focus}; }}
QFrame#banner {{ border: 1px solid {line}; border-left-width: 4px; border-radius: 4px; background: {card}; }}
QFrame#banner[state="fail"], QFrame#banner[state="stop"] {{ background: {fail_fill}; border-color: {fail}; }}
QFrame#banner[state="warn"] {{ background: {warn_fill}; border-color: {warn}; }}
QFrame#banner[state="ok"] {{ background: {good_fill}; border-color: {good}; }}
QPushButton, QToolButton {{ padding: 5px 14px; border: 1px solid {edge}; border-radius: 4px; background: {card};
  color: {ink}; }}
QPushButton:hover, QToolButton:hover {{ background: {hot}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {focus}; padding: 4px 13px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {muted}; border-color: {line}; background: {paper}; }}
QPushButton[primary="true"] {{ background: {press}; color: {press_ink}; border-color: {press}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: {press_hot}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {ink}; }}
QPushButton[primary="true"]:disabled {{ background: {paper}; color: {muted}; border-color: {line}; }}
QPushButton[flat="true"] {{ border-color: transparent; background: transparent; color: {focus}; padding: 2px 6px; }}
QPushButton[flat="true"]:hover {{ text-decoration: underline; }}
QPushButton[flat="true"]:focus {{ border: 1px solid {focus}; }}
QComboBox {{ padding: 3px 8px; border: 1px solid {edge}; border-radius: 4px; background: {card}; color: {ink}; }}
QComboBox:focus {{ border: 2px solid {focus}; padding: 2px 7px; }}
QComboBox::drop-down {{ border: 0; width: 22px; }}
QComboBox:disabled {{ color: {muted}; border-color: {line}; }}
QComboBox QAbstractItemView {{ background: {card}; color: {ink}; selection-background-color: {chosen};
  selection-color: {ink}; border: 1px solid {edge}; }}
QTabWidget::pane {{ border: 1px solid {line}; border-radius: 4px; background: {card}; top: -1px; }}
QTabBar::tab {{ padding: 6px 14px; min-height: 22px; color: {muted}; background: transparent;
  border: 1px solid transparent;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {ink}; border-bottom-color: {focus}; font-weight: 600; }}
QTabBar::tab:focus {{ border: 1px solid {focus}; border-bottom-width: 2px; }}
QTableView {{ background: {card}; color: {ink}; gridline-color: {line}; border: 0; }}
QHeaderView {{ background: {head}; }}
QHeaderView::section {{ background: {head}; color: {ink}; border: 0; border-right: 1px solid {line};
  border-bottom: 1px solid {edge}; padding: 4px 8px; }}
QListWidget#recent {{ border: 1px solid {line}; border-radius: 6px; padding: 4px; }}
QListWidget#recent::item {{ padding: 5px 8px; border-radius: 4px; color: {ink}; }}
QListWidget#recent::item:hover, QListWidget#recent::item:selected {{ background: {hot}; }}
QListWidget#recent:focus {{ border: 2px solid {focus}; }}
QListView, QTreeView {{ background: {card}; color: {ink}; border: 0; }}
QListView[clear="true"] {{ background: transparent; }}
QCheckBox {{ color: {ink}; spacing: 8px; padding: 2px; }}
QCheckBox:focus {{ border: 1px solid {focus}; border-radius: 3px; padding: 1px; }}
QLineEdit, QTextBrowser {{ background: {card}; color: {ink}; border: 1px solid {edge}; border-radius: 4px;
  padding: 4px 6px; selection-background-color: {chosen}; selection-color: {ink}; }}
QProgressBar {{ border: 1px solid {edge}; border-radius: 4px; background: {card}; color: {ink}; text-align: center;
  min-height: 20px; }}
QProgressBar::chunk {{ background: {chosen}; border-radius: 3px; }}
QSplitter::handle {{ background: {line}; }}
QToolTip {{ background: {card}; color: {ink}; border: 1px solid {edge}; padding: 3px; }}
"""


def font() -> QFont:
    """The font of the program, in the size the system uses."""
    base = QFont(QApplication.font())
    base.setFamilies(list(FONTS))
    return base


def effective(theme: str, application: QApplication) -> Palette:
    """The colors of a theme: `system` is what the system is set to."""
    dark = application.styleHints().colorScheme() is Qt.ColorScheme.Dark if theme == "system" else theme == "dark"
    return DARK if dark else LIGHT


def dress(application: QApplication, colors: Palette) -> None:
    """Put colors on everything."""
    application.setPalette(_qt_palette(colors))
    application.setStyleSheet(_SHEET.format_map({name: getattr(colors, name) for name in Palette.__slots__}))


def _qt_palette(colors: Palette) -> QPalette:
    role = QPalette.ColorRole
    told = {
        role.Window: colors.paper, role.WindowText: colors.ink, role.Base: colors.card, role.Text: colors.ink,
        role.AlternateBase: colors.paper, role.Button: colors.card, role.ButtonText: colors.ink,
        role.ToolTipBase: colors.card, role.ToolTipText: colors.ink, role.PlaceholderText: colors.muted,
        role.Highlight: colors.chosen, role.HighlightedText: colors.ink, role.Link: colors.focus,
        role.Accent: colors.focus, role.Mid: colors.line, role.Dark: colors.edge, role.Light: colors.card,
    }  # fmt: skip
    palette = QPalette()
    for name, color in told.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colors.muted))
    return palette
