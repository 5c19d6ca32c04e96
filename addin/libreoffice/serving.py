"""`ratable calc-server`: answers the extension in LibreOffice, a line of JSON for a line of JSON, until it ends."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from addin.libreoffice.component.program import PROTOCOL
from engine.version import VERSION

_USAGE = "calc-server is for the extension of LibreOffice alone, which starts it and talks to it through a pipe."


def serve(arguments: Sequence[str]) -> int:
    """Exit code: 0 after LibreOffice has ended, 2 if somebody else has started this."""
    if arguments or sys.stdin is None or sys.stdin.isatty():
        print(f"ratable: {_USAGE}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal of LibreOffice is not meant for us
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii", newline="\n")
    sys.stdout = sys.stderr  # nothing else may get between the answers
    converse(sys.stdin, answers)
    return 0


def converse(requests: Iterable[str], answers: TextIO) -> None:
    """Say which Ratable this is, then answer each request."""
    _write(answers, {"ratable": VERSION, "protocol": PROTOCOL})
    for line in requests:
        from addin.libreoffice.answering import answered  # the engine takes half a second; the greeting need not wait

        _write(answers, {"answer": answered(json.loads(line))})


def _write(answers: TextIO, told: Any) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()
