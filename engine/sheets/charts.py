"""The charts: what is owed and committed over time, and what is recognized and scheduled. Every default is set by hand.

A chart draws its numbers from cells, but carries them too, so that previewers which never calculate still draw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.data_source import NumFmt as AxisFormat
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from engine.sheets.formulas import Ref, letters
from engine.sheets.styles import FONT, MONTH, NAVY

WIDTH, HEIGHT = 20.0, 8.2  # centimeters
_GRID, _INK = "E3E3E3", "595959"


@dataclass(frozen=True)
class Bars:
    """One series: its name, the column of cells it draws, its color, and a paler one for the bars from `ahead` on."""

    name: str
    cells: Sequence[Ref]
    color: str
    paler: str = ""
    ahead: int = 0


def bar_chart(title: str, along: Sequence[Ref], series: Sequence[Bars]) -> BarChart:
    """Stacked columns over the periods whose cells are `along` (dates, or labels)."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 45
    chart.varyColors, chart.roundedCorners = False, False
    chart.width, chart.height = WIDTH, HEIGHT  # type: ignore[assignment]
    chart.title = _title(title)
    chart.legend = Legend(legendPos="b", overlay=False, txPr=_letters(9))
    chart.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(solidFill="D9D9D9", w=9525))
    chart.plot_area.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.ser = [_series(number, bars, along) for number, bars in enumerate(series)]
    _axes(chart, len(along), _largest(series))
    return chart


def _series(number: int, bars: Bars, along: Sequence[Ref]) -> Series:
    value = NumDataSource(numRef=NumRef(f=_area(bars.cells), numCache=_numbers(bars.cells, "#,##0")))
    if isinstance(along[0].value, str):
        words = StrData(
            ptCount=len(along), pt=[StrVal(idx=place, v=str(cell.value)) for place, cell in enumerate(along)]
        )
        names = AxDataSource(strRef=StrRef(f=_area(along), strCache=words))
    else:
        names = AxDataSource(numRef=NumRef(f=_area(along), numCache=_numbers(along, MONTH)))
    made = Series(idx=number, order=number, tx=SeriesLabel(v=bars.name), cat=names, val=value)
    made.spPr = _paint(bars.color)
    made.invertIfNegative, made.smooth = False, False
    if bars.paler:
        places = range(bars.ahead, len(bars.cells))
        made.dPt = [DataPoint(idx=place, invertIfNegative=False, spPr=_paint(bars.paler)) for place in places]
    return made


def _axes(chart: BarChart, periods: int, largest: float) -> None:
    across, up = chart.x_axis, chart.y_axis
    for axis in (across, up):
        axis.delete = False
        axis.txPr = _letters(9)
        axis.majorTickMark = axis.minorTickMark = None
    across.numFmt, across.tickLblPos = AxisFormat(MONTH, sourceLinked=False), "low"
    across.auto, across.noMultiLvlLbl, across.lblOffset = False, True, 100
    across.tickLblSkip = 1 if periods <= 13 else 2
    across.spPr = GraphicalProperties(ln=LineProperties(solidFill="A6A6A6", w=9525))
    up.numFmt, up.crossBetween, up.tickLblPos = AxisFormat(_axis_form(largest), sourceLinked=False), "between", "nextTo"
    up.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID, w=6350)))
    up.spPr = GraphicalProperties(ln=LineProperties(noFill=True))


def _axis_form(largest: float) -> str:
    """Thousands or millions, so that the axis stays readable."""
    if largest >= 1_000_000:
        return '#,##0.0,,"m"' if largest < 20_000_000 else '#,##0,,"m"'
    return '#,##0,"k"' if largest >= 10_000 else "#,##0"


def _largest(series: Sequence[Bars]) -> float:
    """The highest stack."""
    stacks = zip(*(bars.cells for bars in series), strict=True)
    return max([abs(sum(cell.number for cell in stack)) for stack in stacks], default=0.0)


def _numbers(cells: Sequence[Ref], form: str) -> NumData:
    points = [
        NumVal(idx=place, v=repr(cell.number)) for place, cell in enumerate(cells) if not isinstance(cell.value, str)
    ]
    return NumData(formatCode=form, ptCount=len(cells), pt=points)


def _area(cells: Sequence[Ref]) -> str:
    column, first, last = letters(cells[0].column), cells[0].row, cells[-1].row
    return f"'{cells[0].sheet}'!${column}${first}:${column}${last}"


def _paint(color: str) -> GraphicalProperties:
    return GraphicalProperties(solidFill=color, ln=LineProperties(noFill=True))


def _font(size: float, color: str, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=int(size * 100), b=bold, solidFill=color, latin=Font(typeface=FONT))


def _letters(size: float) -> RichText:
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_font(size, _INK)), endParaRPr=CharacterProperties())
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])


def _title(words: str) -> Title:
    font = _font(12, NAVY, bold=True)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=font), r=[RegularTextRun(rPr=font, t=words)])
    return Title(tx=Text(rich=RichText(bodyPr=RichTextProperties(), p=[paragraph])), overlay=False)
