"""Opening positions: contracts that began before the book are taken over whole, on one day, at balances that can be;
what happened by then belongs to the former system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from engine.book.draft import Draft, money
from engine.book.findings import Findings
from engine.book.links import Links

#: methods whose measure is counted in units
_COUNTED = ("progress", "redemption", "point_in_time", "usage")
_UNCOLLECTED = ("dispute", "bad_debt")


def check_openings(links: Links, findings: Findings) -> None:
    """Everything that Openings say, and that other tables say of contracts that are taken over."""
    draft = links.drafts["Openings"]
    if not len(draft) or not links.contracts_are_known or not links.obligations_are_known or draft.absent:
        return
    _days(links, findings)
    _whole_contracts(links, findings)
    _combined(links, findings)
    _financed(links, findings)
    _balances(links, findings)
    _quantities(links, findings)
    for table, what in (("Billings", "What was billed by then is part of billed"), ("Events", "It is part of the "
                        "balances and terms taken over")):  # fmt: skip
        _belongs_to_former(table, what, links, findings)
    _uncollected(links, findings)


def _lines(links: Links) -> dict[int, int]:
    """Row of Openings -> row of its obligation, where both can be read."""
    draft, found = links.drafts["Openings"], {}
    for row, key in enumerate(zip(draft["contract_id"], draft["obligation_id"], strict=True)):
        line = links.obligation_rows.get(key)
        if line is not None and key[0] in links.contract_rows and not draft.unread(row, "cut_over"):
            found[row] = line
    return found


def _days(links: Links, findings: Findings) -> None:
    """One day for a contract, not before its signing, and with every line that was there."""
    draft, contracts, obligations = links.drafts["Openings"], links.contracts, links.obligations
    first: dict[str, int] = {}
    for row, line in _lines(links).items():
        contract, day = draft["contract_id"][row], draft["cut_over"][row]
        other = first.setdefault(links.groups.get(contract, [contract])[0], row)
        signed, added = contracts["signed_on"][links.contract_rows[contract]], obligations["added_on"][line]
        if day != draft["cut_over"][other] and contract == draft["contract_id"][other]:
            findings.of_cell(
                "cut-overs-differ", draft, row, "cut_over",
                "A contract is taken over as a whole. Enter one day for all its lines.",
                found=f"{draft.found(row)}   {draft['cut_over'][other]} in {draft.where(other, 'cut_over')}",
            )  # fmt: skip
        elif draft["exchange_rate"][row] != draft["exchange_rate"][other] and not draft.unread(row, "exchange_rate"):
            findings.of_cell(
                "opening-rates-differ", draft, row, "exchange_rate",
                "The lines of a contract net, and one balance is carried at one rate. Enter one rate for all of them, "
                "or none.",
                found=f"{draft.found(row, 'exchange_rate')}   {draft.text(other, 'exchange_rate') or '(blank)'} in "
                f"{draft.where(other, 'exchange_rate')}",
            )  # fmt: skip
        elif signed is not None and day < signed:
            findings.of_cell(
                "cut-over-before-signing", draft, row, "cut_over",
                "Nothing of the contract was there that could be taken over. Delete the row, or correct one of the "
                "days.",
                found=f"{draft.found(row)}   signed_on {signed}",
            )  # fmt: skip
        elif added is not None and added > day:
            findings.of_cell(
                "added-after-cut-over", draft, row, "obligation_id",
                "The line joins the contract in this book and is priced and billed here. Delete the row, or correct "
                "added_on.",
                found=f"{draft.found(row)}   added_on {added} in {obligations.where(line, 'added_on')}",
            )  # fmt: skip


def _whole_contracts(links: Links, findings: Findings) -> None:
    """A line without a row would be taken over at nothing by mistake."""
    draft, obligations = links.drafts["Openings"], links.obligations
    there = set(zip(draft["contract_id"], draft["obligation_id"], strict=True))
    unread = {draft["contract_id"][row] for row in draft.rows_unread("obligation_id")}
    for contract, day in links.cut_overs.items():
        for line in () if contract in unread else links.lines.get(contract, ()):
            added = obligations["added_on"][line]
            known = not obligations.unread(line, "obligation_id", "added_on")
            if (
                known
                and (added is None or added <= day)
                and (contract, obligations["obligation_id"][line]) not in there
            ):
                findings.of_cell(
                    "opening-missing", obligations, line, "obligation_id",
                    "The other lines of its contract are taken over. Add its row to Openings, with 0.00 where nothing "
                    "was recognized or billed.",
                    found=f"{obligations.found(line)}   {contract} is taken over on {day}",
                )  # fmt: skip


def _combined(links: Links, findings: Findings) -> None:
    """Contracts that are one are taken over as one."""
    contracts, days = links.contracts, links.cut_overs
    for contract, row in links.contract_rows.items():
        other = contracts["combined_with"][row]
        if other is None or other not in links.contract_rows or days.get(contract) == days.get(other):
            continue
        if contracts.unread(row, "combined_with"):
            continue
        words = [f"{each} {days.get(each, 'not taken over')}" for each in (contract, other)]
        findings.of_cell(
            "cut-overs-differ", contracts, row, "combined_with",
            "Combined contracts are taken over as one, on one day. Enter what was sold later as obligations with "
            "added_on of the contract taken over, or leave combined_with blank.",
            found=f"{contracts.found(row, 'combined_with')}   {', '.join(words)}",
        )  # fmt: skip


def _financed(links: Links, findings: Findings) -> None:
    """Interest grows by layers that a balance does not tell."""
    contracts = links.contracts
    for contract in links.cut_overs:
        row = links.contract_rows[contract]
        if contracts["financing_rate"][row]:
            findings.of_cell(
                "cut-over-with-financing", contracts, row, "financing_rate",
                "Interest is told document by document, and a balance does not say when it was billed. Enter the "
                "contract with its documents and events since signing and delete its rows of Openings, or clear "
                "financing_rate.",
                found=contracts.found(row, "financing_rate"),
            )  # fmt: skip


# -- balances
# -------------------------------------------------------------------------------------------------------------------


def _balances(links: Links, findings: Findings) -> None:
    """Recognized lies between nothing and the price, and is all of it where the service had ended."""
    draft, obligations, allocated = links.drafts["Openings"], links.obligations, dict[str, None]()
    events = links.drafts["Events"]
    named = zip(events["type"], events["contract_id"], events["obligation_id"], strict=True)
    delivered = {(contract, own) for type, contract, own in named if type == "deliver"}
    for row, line in _lines(links).items():
        if draft.unread(row, "recognized") or obligations.unread(line, "price", "method"):
            continue
        if not links.price_is_stated(line):
            allocated[draft["contract_id"][row]] = None
            continue
        price, recognized = obligations["price"][line], draft["recognized"][row]
        found = f"{draft.found(row, 'recognized')}   price {money(price, draft.decimals_of(row))}"
        beyond = obligations["method"][line] == "usage" and recognized > price  # of the commitment: it raises the price
        if _is_outside(recognized, price) and not beyond:
            findings.of_cell(
                "recognized-above-price", draft, row, "recognized",
                "What was recognized lies between nothing and the price in force. Correct it, or the price of the "
                "obligation.",
                found=found,
            )  # fmt: skip
        elif _has_ended(links, line, draft["cut_over"][row], delivered) and recognized != price and not beyond:
            end = links.inherited("Obligations", "end")[line]
            findings.of_cell(
                "cut-over-after-end", draft, row, "recognized",
                "Its service had ended, and no day is left that could earn the rest. Enter all of the price as "
                "recognized, or correct price or end.",
                found=f"{found}   end {end or obligations['start'][line]}",
            )  # fmt: skip
    rows, estimated = _by_contract(draft), _by_contract(links.drafts["Estimates"])
    for contract in allocated:
        _allocated(contract, rows[contract], estimated.get(contract, []), links, findings)


def _by_contract(draft: Draft) -> dict[str, list[int]]:
    """Rows of a table by contract."""
    found: dict[str, list[int]] = {}
    for row, contract in enumerate(draft["contract_id"]):
        found.setdefault(contract, []).append(row)
    return found


def _is_outside(recognized: int, price: int) -> bool:
    return not min(price, 0) <= recognized <= max(price, 0)


def _has_ended(links: Links, line: int, day: dt.date, delivered: set[tuple[str, str | None]]) -> bool:
    """Had a service or right ended by the close of the day of cut-over?

    delivered  (contract id, obligation id or None) of every `deliver` event
    """
    method, end = links.obligations["method"][line], links.inherited("Obligations", "end")[line]
    if method == "point_in_time":
        start, own = links.obligations["start"][line], links.obligations["obligation_id"][line]
        contract = links.obligations["contract_id"][line]
        by_event = (contract, own) in delivered or (contract, None) in delivered
        return start is not None and start <= day and not by_event
    return method in ("ratable", "usage", "redemption") and end is not None and end <= day


def _allocated(contract: str, rows: Sequence[int], estimated: Sequence[int], links: Links, findings: Findings) -> None:
    """Where prices are allocated, or move with an estimate, only the whole of the contract can be judged here.

    rows  of the contract in Openings; estimated: in Estimates
    """
    draft, obligations, lines = links.drafts["Openings"], links.obligations, links.lines[contract]
    group = links.groups.get(contract, [contract])
    known = all(not obligations.unread(line, "price", "method") for line in lines)
    known &= all(not draft.unread(row, "recognized") for row in rows)
    if len(group) > 1 or not known or any(obligations["method"][line] == "usage" for line in lines):
        return
    day = links.cut_overs[contract]
    prices = [obligations["price"][line] for line in lines if (obligations["added_on"][line] or dt.date.min) <= day]
    estimates = links.drafts["Estimates"]
    latest: dict[tuple[str | None, str], tuple[dt.date, int]] = {}
    for row in estimated:
        if estimates.unread(row, "date", "amount", "kind", "obligation_id"):
            return
        key, on = (estimates["obligation_id"][row], estimates["kind"][row]), estimates["date"][row]
        if on <= day and (key not in latest or latest[key][0] < on):
            latest[key] = on, estimates["amount"][row]
    estimate = sum(amount for _, amount in latest.values())
    low = sum(price for price in prices if price < 0) + min(estimate, 0)
    high = sum(price for price in prices if price > 0) + estimate
    recognized = sum(draft["recognized"][row] for row in rows)
    if not low <= recognized <= max(high, 0):
        decimals = draft.decimals_of(rows[0])
        findings.of_cell(
            "recognized-above-price", draft, rows[-1], "recognized",
            "What was recognized of a contract lies between nothing and its transaction price in force. Correct it, "
            "or the prices of the obligations.",
            found=f"{draft.found(rows[-1])}   {contract} recognized {money(recognized, decimals)}, price "
            f"{money(sum(prices) + estimate, decimals)}",
        )  # fmt: skip


def _quantities(links: Links, findings: Findings) -> None:
    """A measure to date needs a method that counts one, and is not above its whole."""
    draft, obligations = links.drafts["Openings"], links.obligations
    for row, line in _lines(links).items():
        quantity = draft["quantity"][row]
        if quantity is None or draft.unread(row, "quantity") or obligations.unread(line, "method", "quantity"):
            continue
        method, units = obligations["method"][line], obligations["quantity"][line]
        if method not in _COUNTED or (method in ("usage", "point_in_time") and units is None):
            findings.of_cell(
                "opening-quantity", draft, row, "quantity",
                "The obligation has no measure in units. Clear the cell: what is done is taken in proportion to what "
                "is recognized.",
                found=f"{draft.found(row, 'quantity')}   method {method}",
            )  # fmt: skip
            continue
        whole = _whole(obligations, line)
        if method != "usage" and whole is not None and quantity > whole:
            findings.of_cell(
                "opening-above-whole", draft, row, "quantity",
                "More would have been done than the whole. Correct it, or quantity or expected_total of the "
                "obligation.",
                found=f"{draft.found(row, 'quantity')}   of {float(whole):,.10g}",
            )  # fmt: skip


def _whole(obligations: Draft, line: int) -> Fraction | None:
    """What a measure in units is counted against; None where it is not there, which is told elsewhere."""
    if obligations["method"][line] == "progress":
        whole: Fraction | None = obligations["expected_total"][line]
        return whole
    if obligations["quantity"][line] is None and obligations["price"][line] is not None:
        return Fraction(obligations["price"][line], 10 ** obligations.decimals_of(line))
    units: Fraction | None = obligations["quantity"][line]
    return units


# -- what belongs to the former system
# -------------------------------------------------------------------------------------------------------------------


def _belongs_to_former(table: str, what: str, links: Links, findings: Findings) -> None:
    draft, days = links.drafts[table], links.cut_overs
    for row, (contract, day) in enumerate(zip(draft["contract_id"], draft["date"], strict=True)):
        if day is not None and contract in days and day <= days[contract] and not draft.unread(row, "date"):
            findings.of_cell(
                "before-cut-over", draft, row, "date",
                f"{contract} is taken over at the close of {days[contract]}. {what}. Delete the row, or correct the "
                "date.",
                found=draft.found(row),
            )  # fmt: skip


def _uncollected(links: Links, findings: Findings) -> None:
    """What is open of documents of the former system is not known here."""
    draft, openings = links.drafts["Billings"], links.drafts["Openings"]
    billed = {contract for contract, amount in zip(openings["contract_id"], openings["billed"], strict=True) if amount}
    for row, (type, reason) in enumerate(zip(draft["type"], draft["reason"], strict=True)):
        uncollected = type == "write_off" or (type == "credit_note" and reason in _UNCOLLECTED)
        if uncollected and draft["applies_to"][row] is None and draft["contract_id"][row] in billed:
            findings.of_cell(
                "uncollected-without-document", draft, row, "applies_to",
                "Nobody can say how much of it is open on documents of the former system. Name a document of this "
                "book; for one of the former system end the service with a cancel, credit what is not earned with "
                "reason cancellation, and book the loss where its receivable is kept.",
                found=draft.found(row, "type", "applies_to"),
            )  # fmt: skip
