"""A book while it is looked at: reads it, answers what is asked of it, checks it, packs and closes it, follows it.

It knows no widget. One piece of work goes on at a time, in a thread; a newer question takes the place of an older one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from addin import actions, closing
from addin.desktop.job import Job
from addin.desktop.reading import Question, RatesMissing, Reading, View, findings, look, read_and_look
from addin.desktop.watching import Watcher

if TYPE_CHECKING:
    from engine.book.problems import Problem
    from engine.ledger.entry import Recorded

Then = Callable[[Any], None]
#: problems of a trial balance that are told in a message
_TOLD = 4
#: work that nothing newer takes the place of: it writes
WRITING = ("packing", "closing")


class Session(QObject):
    """Signals say what there is to show.

    working      what is being done; a blank when nothing is
    progress     (what, done, of)
    viewed       a View: figures and grid
    checked      problems of the book and of the checks, for the day of the last View
    refused      problems for which the book cannot be used
    packed       path of a close pack, whether its checks passed
    listed       the Checklist of a period that can be closed
    closed       a ClosedPeriod; the book is read again after it
    reopened     the entry of the ledger that opens a period again; likewise
    failed       in plain words, why something was not done
    cancelled    what was cancelled
    """

    working = Signal(str)
    progress = Signal(str, int, int)
    viewed = Signal(object)
    checked = Signal(object)
    refused = Signal(object)
    packed = Signal(object, bool)
    listed = Signal(object)
    closed = Signal(object)
    reopened = Signal(object)
    failed = Signal(str)
    cancelled = Signal(str)

    def __init__(self, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self.today = today
        self.path: Path | None = None
        self.reading: Reading | None = None
        self.view: View | None = None
        self.findings: Sequence[Problem] | None = None
        self.question = Question()
        self.watcher = Watcher(self)
        self.watcher.changed.connect(self._follow)
        self.followed = False
        self._job: Job | None = None
        self._doing = ""
        self._next: Callable[[], None] | None = None
        self._ending = self._owes_checks = False

    @property
    def busy(self) -> bool:
        return self._job is not None or self._next is not None

    @property
    def doing(self) -> str:
        """What is being done: reading, looking, checking, packing, closing, preparing; blank if nothing is."""
        return self._doing

    @property
    def writes(self) -> bool:
        """Whether a pack or the ledger is being written."""
        return self._doing in WRITING

    # -- what can be asked ---------------------------------------------------------------------------------------------

    def open(self, path: Path, followed: bool = False) -> None:
        """Read a book, another one or the same; `followed` if because it was saved."""
        self.followed = followed
        if path != self.path:
            self.question = Question(by=self.question.by, measure=self.question.measure)
        # watched from before it is read: what is saved meanwhile is read after it
        self.watcher.watch(path)
        work = partial(read_and_look, path, self.today(), self.question)
        self._start("reading", f"Reading {path.name} ...", work, self._read, path)

    def read_again(self) -> None:
        """The book as it is now, with the same question."""
        if self.path is not None:
            self.open(self.path)

    def _follow(self) -> None:
        """The book was saved. A pack being written is of the book as it was read; the change is picked up after it."""
        if self.path is not None:
            self.open(self.path, followed=True)

    def ask(self, question: Question) -> None:
        """Show something else of the book."""
        reading = self.reading
        if reading is None:
            return
        if self.findings is None or question.as_of != self.question.as_of:
            self.findings, self._owes_checks = None, True
        self.question = question
        self._start("looking", "Calculating ...", partial(look, reading, question), self._looked)

    def pack(self, target: Path, sheets: Sequence[str] | None) -> None:
        """Write the close pack of the day looked at."""
        if self.reading is None or self.view is None:
            return
        write = partial(
            actions.pack, self.reading.opened, self.today(), self.view.as_of.isoformat(), target, sheets=sheets
        )
        self._start("packing", f"Writing {target.name} ...", lambda progress: write(progress=progress), self._packed)

    def list_checks(self, trial_balance: Path | None = None) -> None:
        """Go through the checklist of the period that is closed next, tied out to the table Ledger or to a file."""
        if self.reading is None or self.view is None:
            return
        opened = self.reading.opened
        period = closing.period_to_close(opened, self.view.as_of)
        work = partial(closing.checklist, opened, period, trial_balance=trial_balance)
        self._start("preparing", f"Going through the checklist of {period} ...", work, self.listed.emit)

    def close_period(
        self, period: str, by: str, at: str, target: Path, acceptance: closing.Acceptance,
        trial_balance: Path | None = None,
    ) -> None:  # fmt: skip
        """Close a period: the pack and the record in the ledger, both or neither."""
        if self.reading is None:
            return
        work = partial(closing.close_period, self.reading.opened, period, by, at, target, acceptance,
                       trial_balance=trial_balance)  # fmt: skip
        self._start("closing", f"Closing {period} ...", work, self._closed)

    def reopen_period(self, period: str, by: str, at: str, reason: str) -> None:
        """Open the last closed period again."""
        if self.reading is None:
            return
        opened = self.reading.opened

        def work(_: actions.Progress) -> Any:
            return closing.reopen_period(opened, period, by, at, reason)

        self._start("closing", f"Opening {period} again ...", work, self._reopened)

    def prepare(self, words: str, work: Callable[[actions.Progress], Any], then: Then) -> None:
        """Any other work that takes its time."""
        self._start("preparing", words, work, then)

    def cancel(self) -> None:
        """Stop what is being done, and what was to follow."""
        self._next, self._owes_checks = None, False
        if self._job:
            self._job.cancel()

    def end(self) -> None:
        """Stop everything, and wait for it: a thread must not outlive its window."""
        self._ending = True
        self.watcher.watch(None)
        self.cancel()
        if self._job:
            self._job.wait()

    # -- how it goes on ------------------------------------------------------------------------------------------------

    def _start(
        self, what: str, words: str, work: Callable[[actions.Progress], Any], then: Then, path: Path | None = None
    ) -> None:
        if self._ending:
            return
        if self._job is not None:
            self._next = partial(self._start, what, words, work, then, path)
            if not self.writes:
                self._job.cancel()
            return
        self._doing = what
        self._job = Job(work, self)
        self._job.progress.connect(self.progress)
        self._job.finished.connect(partial(self._finished, self._job, then, path))
        self.working.emit(words)
        self._job.start()

    def _finished(self, job: Job, then: Then, path: Path | None) -> None:
        job.wait()
        doing, self._doing, self._job = self._doing, "", None
        following, self._next = self._next, None
        job.deleteLater()
        if self._ending:
            return
        if job.failure is not None:
            self._failed(job.failure, path)
        elif job.answer is not None:
            # what was finished before it could be stopped counts, unless something newer was asked for
            if following is None or doing in WRITING:
                then(job.answer)
        elif following is None:
            self._stay()
            self.cancelled.emit(doing)
        if following is not None and self._job is None:
            following()
        if self._job is None:
            self._check()
        if self._job is None:
            self.working.emit("")

    def _read(self, read: tuple[Reading, View]) -> None:
        """The book and what is shown of it change together, or not at all."""
        self.reading, self.view = read
        self.path, self.question = self.reading.path, self.view.question
        self.findings, self._owes_checks = None, True
        self.viewed.emit(self.view)
        if self.view.told:
            self.failed.emit(self.view.told)

    def _looked(self, view: View) -> None:
        self.view = view
        self.viewed.emit(view)

    def _check(self) -> None:
        """Make the checks that are owed, once nothing more urgent is to be done."""
        if self._owes_checks and self.reading is not None and self.view is not None:
            self._start("checking", "Checking ...", partial(findings, self.reading, self.view.as_of), self._checked)

    def _checked(self, problems: Sequence[Problem]) -> None:
        self.findings, self._owes_checks = problems, False
        self.checked.emit(problems)

    def _packed(self, written: tuple[Path, bool]) -> None:
        self.packed.emit(*written)

    def _closed(self, done: closing.ClosedPeriod) -> None:
        self.read_again()
        self.closed.emit(done)

    def _reopened(self, record: Recorded) -> None:
        self.read_again()
        self.reopened.emit(record)

    def _stay(self) -> None:
        """With the book and the question there were."""
        self.watcher.watch(self.path)
        if self.view is not None:
            self.question = self.view.question

    def _failed(self, failure: Exception, path: Path | None) -> None:
        from engine.book.problems import BookRefused, TrialBalanceRefused
        from engine.ledger.errors import LedgerMoved

        if isinstance(failure, BookRefused) and not isinstance(failure, TrialBalanceRefused):
            self.path, self.reading, self.view, self.findings = path, None, None, failure.problems
            self._owes_checks = False
            self.refused.emit(failure.problems)
        else:
            self._stay()
            self.failed.emit(in_plain_words(failure))
            if isinstance(failure, LedgerMoved):  # what was done there is to be seen, and can be gone on from
                self.read_again()


def in_plain_words(failure: Exception) -> str:
    """Why something was not done, and what to do."""
    from engine.book.problems import TrialBalanceRefused
    from engine.ledger.errors import LedgerProblem
    from engine.sheets.errors import NotWritten

    if isinstance(failure, TrialBalanceRefused):
        more = [f"and {len(failure.problems) - _TOLD:,} more"] if len(failure.problems) > _TOLD else []
        return "\n\n".join([*map(str, failure.problems[:_TOLD]), *more])
    if isinstance(failure, NotWritten | actions.Usage | LedgerProblem | RatesMissing | closing.ChecklistOpen):
        return str(failure)
    if isinstance(failure, MemoryError):
        return "There is not enough memory for this book. Close other programs, or use the 64-bit version of Ratable."
    if isinstance(failure, OSError):
        return f"{failure.strerror or failure}: {failure.filename or 'a file'}. Is the drive still connected?"
    return (
        f"Ratable made a mistake ({type(failure).__name__}: {failure}). Your files are as they were. "
        "Please report it with the version from Help, About."
    )
