"""Balances at the close of a day: T, R and B with interest, per obligation and per netting unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from .balances import Figures, stand
from .billing import Billing
from .book import Book
from .calendars import ONE_DAY, add_months
from .estimates import kinds_of
from .financing import Financing
from .life import Lives
from .refunds import Refunds
from .rounding import round_half_away
from .rows import Contract, Document, Obligation

#: A day by which every schedule has run out.
THE_END = date.max
BANDS = ["0-12", "13-24", "25-36", "thereafter", "undated"]


class Standing:
    """Where every obligation and every netting unit of a book stands."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.lives = Lives(book)
        self.billing = Billing(book, self.lives)
        self.financing = Financing(book, self.lives, self.billing)
        self.billing.refunds = Refunds(book, self)
        self.billing.uncollected.standing = self

    # ------------------------------------------------------------------------------------- of one obligation

    def contracted(self, o: Obligation, known: date) -> int:
        """T."""
        return self.lives.contracted(o, known) + self.financing.interest(o, known)

    def recognized(self, o: Obligation, day: date, known: date) -> int:
        """R at the close of `day` by the rows dated on or before `known`."""
        return self.lives.recognized(o, day, known)[0] + self.financing.recognized(o, day, known)

    def billed(self, o: Obligation, known: date) -> int:
        """B: documents, with interest on what was paid in advance, less income on what is paid in arrears."""
        interest = self.financing.interest(o, known) - self.financing.income(o, known)
        return self.billing.billed(o, known) + interest

    def undated(self, o: Obligation, known: date) -> int:
        """The part of backlog no schedule reaches."""
        return self.contracted(o, known) - self.recognized(o, THE_END, known)

    def planned(self, o: Obligation, first: date, last: date, known: date) -> int:
        """Revenue of the days from first to last by the schedule in force at `known`."""
        return self.recognized(o, last, known) - self.recognized(o, first - ONE_DAY, known)

    def expected_currently(self, o: Obligation, known: date) -> int:
        """Revenue expected within the current months; work without a schedule counts as current."""
        horizon = add_months(known, self.book.settings.current_months)
        return self.planned(o, known + ONE_DAY, horizon, known) + self.undated(o, known)

    # -------------------------------------------------------------------------------------------------- RPO

    def rpo_of(self, o: Obligation, known: date) -> dict[str, int]:
        """The bridge from backlog to RPO and the bands, of one obligation."""
        row = dict.fromkeys(["not_enforceable", "right_to_invoice", "royalty", "short_contracts", *BANDS], 0)
        row["backlog"] = self.contracted(o, known) - self.recognized(o, known, known)
        enforceable_until = o.contract.enforceable_end or THE_END
        undated = self.undated(o, known)
        enforceable = 0
        if known < enforceable_until:
            enforceable = self.planned(o, known + ONE_DAY, enforceable_until, known) + undated
        row["not_enforceable"] = enforceable - row["backlog"]
        row["rpo"] = enforceable
        if o.rpo_treatment in ("right_to_invoice", "royalty"):
            row[o.rpo_treatment] = -enforceable
            row["rpo"] = 0
        elif self.book.settings.short_contracts == "exclude" and self.is_short(o.contract, known):
            row["short_contracts"] = -enforceable
            row["rpo"] = 0
        elif known < enforceable_until:
            first = known + ONE_DAY
            for band, months in zip(BANDS[:4], (12, 24, 36, None), strict=True):
                last = THE_END if months is None else add_months(known, months)
                last = min(last, enforceable_until)
                if first <= last:
                    row[band] = self.planned(o, first, last, known)
                    first = min(last, THE_END - ONE_DAY) + ONE_DAY
            row["undated"] = undated
        return row

    def is_short(self, contract: Contract, known: date) -> bool:
        """An original duration of a year or less, from the earliest start to the latest end entered at signing."""
        together = self.book.combination_at(contract, known)
        obligations = [o for c in together for o in self.book.obligations_of(c) if o.was_agreed_at_signing]
        starts = [c.start for c in together] + [o.own_start for o in obligations]
        ends = [c.end for c in together] + [o.own_end for o in obligations]
        if all(end is None for end in ends):
            return False
        start = min([s for s in starts if s is not None], default=min(c.agreed_on for c in together))
        end = max(e for e in ends if e is not None)
        return end < add_months(start, 12)

    # ----------------------------------------------------------------------------------------------- netting units

    def units(self, known: date) -> list[list[Obligation]]:
        """The netting units: each obligation, or the obligations of each contract (or of contracts combined)."""
        if self.book.settings.netting == "obligation":
            return [[o] for o in self.book.obligations]
        units = []
        seen: set[str] = set()
        for contract in self.book.contracts:
            if contract.id not in seen:
                together = [c.id for c in self.book.combination_at(contract, known)]
                seen.update(together)
                units.append([o for o in self.book.obligations if o.contract.id in together])
        return [unit for unit in units if unit]

    def figures(self, obligations: Sequence[Obligation], known: date) -> Figures:
        """The balances of obligations that net as one."""
        return stand(
            contracted=sum(self.contracted(o, known) for o in obligations),
            recognized=sum(self.recognized(o, known, known) for o in obligations),
            billed=sum(self.billed(o, known) for o in obligations),
            expected=sum(self.expected_currently(o, known) for o in obligations),
            rpo=sum(self.rpo_of(o, known)["rpo"] for o in obligations),
            most_kept=self.most_kept(obligations, known, sum(self.contracted(o, known) for o in obligations)),
        )

    def most_kept(self, obligations: Sequence[Obligation], known: date, contracted: int, basis: str = "") -> int | None:
        """While negative estimates are in force: of the invoices counted the part G x T / P, where P is T (given) plus
        the size of those estimates as far as the obligations they stand on have not ended."""
        size = self._estimated_away(obligations, known, -1 if contracted < 0 else 1)
        if not size:
            return None
        gross = sum(self.billing.gross(o, known, basis) for o in obligations)
        price = contracted + (size if contracted >= 0 else -size)
        return round_half_away(gross * contracted / price)

    def _estimated_away(self, obligations: Sequence[Obligation], known: date, sign: int) -> Fraction:
        """The size of the estimates that lower the price, on these obligations; an estimate of the contract is shared
        by T."""
        size = Fraction(0)
        for ids in {tuple(c.id for c in self.book.combination_at(o.contract, known)) for o in obligations}:
            lines = self.lives.lines(self.book.contract[ids[0]], known)
            running = [o for o in obligations if o in lines and lines[o].ended is None]
            whole = sum(self.lives.contracted(o, known) for o in lines)
            for kind in kinds_of(self.book, ids):
                amount = max(-sign * kind.in_force(known), 0)
                if kind.obligation is not None:
                    size += amount if kind.obligation in running else 0
                elif whole:
                    size += amount * Fraction(sum(self.lives.contracted(o, known) for o in running), whole)
        return size

    # -------------------------------------------------------------------------------------------- what is owed back

    def owed_back(self, refund: Document, ahead: dict[Obligation, int]) -> tuple[int, dict[Obligation, int]]:
        """The refund liability of the netting unit (or units) of a refund just before it, and that of each obligation
        on its own; `ahead` is what refunds of the contract before it took from B. Without interest: that of the day
        depends on the refund, and on advances it raises T and B alike."""
        day, eve = refund.day, refund.day - ONE_DAY
        of_contract = self.book.obligations_of(refund.contract)

        def contracted(o: Obligation) -> int:
            return self.lives.contracted(o, day)

        def recognized(o: Obligation) -> int:
            return self.lives.recognized(o, day, day)[0]

        def billed(o: Obligation) -> int:
            taken = ahead if o.contract == refund.contract else self.billing.refunds.ahead(o.contract, eve)
            return self.billing.billed_before_refunds(o, day) - taken.get(o, 0)

        def owed(unit: Sequence[Obligation]) -> int:
            price = sum(contracted(o) for o in unit)
            most_kept = self.most_kept(unit, day, price)
            figures = stand(price, sum(map(recognized, unit)), sum(map(billed, unit)), 0, 0, most_kept)
            return max(figures["refund_liability"], 0)

        units = [unit for unit in self.units(day) if any(o in unit for o in of_contract)]
        if refund.obligation is not None and self.book.settings.netting == "obligation":
            units = [[refund.obligation]]
        alone = of_contract if refund.obligation is None else [refund.obligation]
        return sum(owed(unit) for unit in units), {o: owed([o]) for o in alone}
