"""Why the ledger file of a book cannot be used or written, in words for the person who closes the books."""

from __future__ import annotations


class LedgerProblem(Exception):
    """The ledger file cannot be used as asked; nothing was written to it."""


class LedgerDamaged(LedgerProblem):
    """The ledger file is not what Ratable wrote."""


class LedgerMoved(LedgerProblem):
    """Somebody else wrote to the ledger since it was read."""


class NotReproduced(LedgerProblem):
    """This version of Ratable computes a closed period otherwise than it was reported."""


class LedgerBusy(LedgerProblem):
    """The ledger file is locked or may not be written to."""
