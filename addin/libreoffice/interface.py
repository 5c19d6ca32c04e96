"""What LibreOffice is told of the formulas: the interface of the component as IDL, names and help as configuration."""

from __future__ import annotations

from xml.sax.saxutils import escape

from addin.formulas.arguments import Kind
from addin.formulas.catalogue import Argument, Formula, catalogue

#: The service of the component, which is its implementation too.
SERVICE = "org.ratable.addin.Formulas"
#: The name of the parameter LibreOffice fills in itself: the workbook the formula stands in.
CALLER = "workbook"
#: Rows for one number as well, as Python cannot say "a number or rows". A text goes by itself: Calc 25.2 takes a text
#: in rows for equal to no other, as it leaves it out of its pool of strings.
_ROWS, _VALUE = "sequence< sequence< any > >", "any"
_IDL = """module org {{ module ratable {{ module addin {{
interface XRatable : com::sun::star::uno::XInterface
{{
{methods}
}};
}}; }}; }};
"""
_CONFIGURATION = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
oor:name="CalcAddIns" oor:package="org.openoffice.Office">
<node oor:name="AddInInfo"><node oor:name="{service}" oor:op="replace"><node oor:name="AddInFunctions">
{functions}
</node></node></node>
</oor:component-data>
"""


def idl() -> str:
    """XRatable: a method for each formula, of its very name."""
    return _IDL.format(methods="\n".join(map(_method, catalogue().values())))


def _method(formula: Formula) -> str:
    parameters = [f"[in] com::sun::star::beans::XPropertySet {CALLER}"]
    parameters += [f"[in] {_type(argument)} {_parameter(argument)}" for argument in formula.arguments]
    answer = _VALUE if formula.result == "text" else _ROWS
    return f"    {answer} {formula.name}({', '.join(parameters)});"


def _parameter(argument: Argument) -> str:
    """`as_of` as asOf: IDL takes an underscore in names of capitals alone."""
    first, *others = argument.name.split("_")
    return first + "".join(map(str.capitalize, others))


def _type(argument: Argument) -> str:
    """`any` takes a cell, a range or nothing, each as its values; only RATABLE_WHY needs the cell itself."""
    return "com::sun::star::table::XCellRange" if argument.kind is Kind.CELL else "any"


def configuration() -> str:
    """CalcAddIns.xcu: names and help for the function wizard.

    The compatibility name is the name in .xlsx files; it is the same, so that they are read and written as in Excel.
    """
    functions = "\n".join(map(_function, catalogue().values()))
    return _CONFIGURATION.format(service=SERVICE, functions=functions)


def _function(formula: Formula) -> str:
    parameters = "\n".join(
        _node(_parameter(argument), _text("DisplayName", argument.name) + _text("Description", argument.help))
        for argument in formula.arguments
    )
    return _node(
        formula.name,
        _text("DisplayName", formula.name)
        + _text("Description", formula.summary)
        + '<prop oor:name="Category"><value>Add-In</value></prop>'
        + _text("CompatibilityName", formula.name)
        + f'<node oor:name="Parameters">\n{parameters}\n</node>',
    )


def _node(name: str, content: str) -> str:
    return f'<node oor:name="{name}" oor:op="replace">{content}</node>'


def _text(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(text)}</value></prop>'
