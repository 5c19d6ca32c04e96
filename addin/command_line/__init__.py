"""The command line: `ratable VERB BOOK ...`. The answer goes to stdout, problems to stderr.

Exit codes: 0 all well, 1 a check fails, 2 wrong usage, 3 the book cannot be used.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Entry point of the program `ratable`. Nothing is imported before it is needed: `--version` answers at once."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from engine.version import VERSION

        print(f"ratable {VERSION}")
        return 0
    if arguments[:1] == ["udf-server"]:  # what Excel starts; not for people, and in no list of verbs
        from addin.excel.serving import serve

        return serve(arguments[1:])
    if arguments[:2] == ["-B", "-c"]:  # what the macros of xlwings itself start, expecting a Python
        from addin.excel.serving import serve_stock

        return serve_stock(arguments[2:])
    if arguments[:1] == ["calc-server"]:  # what the extension of LibreOffice starts
        from addin.libreoffice.serving import serve as serve_calc

        return serve_calc(arguments[1:])
    from addin.command_line.verbs import run

    return run(arguments)
