"""Taking one part of a decision back, while nothing depends on it.

By reversing its entry: the money is held for its visit again, on its old terms, also where that is
still canceled. What was spent or moved on since has to be undone first; what went back to a card
stays there.
"""

from __future__ import annotations

from django.db import transaction
from djmoney.money import Money

from appointments.locking import lock
from appointments.models import Appointment
from checkout.models import Order
from checkout.sold_lots import lock_sales_of
from clients.standing import hold
from deposits.errors import Refused
from deposits.fates.checks import require
from deposits.fates.posting import CAUSE
from deposits.models import Decision, Fate, Fee
from ledger import accounts
from ledger.descent import families_of
from ledger.errors import LotMoved, MoreThanTaken
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move, Open
from ledger.models import Entry, Lot, Posting
from ledger.posting import Cause, post
from ledger.reversing import reverse
from salon import permissions, said
from salon.desk import Desk
from salon.money import money

Kind = Fate.Kind


@transaction.atomic
def undo(*, fate: Fate, desk: Desk) -> Fate:
    """The money is held for its visit again, on its old terms. Once more changes nothing.

    A fee that the part had paid is lowered by as much, or waived. Locks the open sales of both
    visits, the visits, the fee, the client, their account. Raises Refused, saying what stands
    against it; nothing is changed then.
    """
    require(desk, permissions.DECIDE_DEPOSITS, "decide what becomes of a deposit")
    visits = _locked_visits(fate)
    found = Fate.objects.select_for_update(of=("self",)).select_related("entry", "decision__client")
    row = found.get(pk=fate.pk)
    if row.undone_at:
        return row
    _check(row, visits)
    _lower_fee(row, desk)
    hold(row.decision.client)
    row.undone_entry_id = _reverse(row, desk)
    row.undone_at, row.undone_by = desk.at, desk.staff
    row.save(update_fields=["undone_entry", "undone_at", "undone_by"])
    return row


def why_not_undone(fate: Fate, visit: Appointment) -> str:
    """What stands against it whatever became of the money; empty where nothing does. No queries.

    `visit` is the one that it was held for.
    """
    amount = said.amount(fate.amount)
    if fate.kind == Kind.REFUNDED:
        return f"{amount} went back to the card. Take a new deposit instead."
    if fate.decision.client.survivor_id != visit.client.survivor_id and not fate.to_appointment_id:
        return f"The visit is {visit.client}’s now, and this was {fate.decision.client}’s money."
    if fate.to_appointment_id == visit.pk:
        return f"The visit is {visit.client}’s now. Give it back instead: you are asked then."
    if visit.status == Appointment.Status.DONE:
        return "The visit is checked out, so nothing can be held for it."
    return ""


def _locked_visits(fate: Fate) -> list[Appointment]:
    """The visit that it was held for, and the one that it moved to; sales come before visits."""
    rows = Decision.objects.filter(pk=fate.decision_id).values_list("appointment", flat=True)
    visits = [Appointment(pk=pk) for pk in {*rows, fate.to_appointment_id} if pk]
    lock_sales_of([], visits)
    return [lock(visit) for visit in sorted(visits, key=lambda visit: visit.pk)]


def _check(fate: Fate, visits: list[Appointment]) -> None:
    visit = next(one for one in visits if one.pk == fate.decision.appointment_id)
    if why := why_not_undone(fate, visit):
        raise Refused(f"{why} Nothing was undone.")
    sale = Order.objects.filter(appointment__in=visits, status=Order.Status.OPEN).first()
    if sale is not None:
        raise Refused(
            f"Sale #{sale.number} of the visit is open. Close it or void it first. "
            "Nothing was undone."
        )


def _lower_fee(fate: Fate, desk: Desk) -> None:
    """What this part paid of a fee is let off with it."""
    if fate.kind != Kind.FORFEITED:
        return
    fees = Fee.objects.select_for_update(of=("self",)).filter(decision=fate.decision)
    fee = fees.exclude(status=Fee.Status.WAIVED).first()
    covered = min(fee.from_deposit, fate.amount) if fee else money(0)
    if fee is None or not covered:
        return
    require(desk, permissions.WAIVE_FEES, "let a client off a fee, which this part paid")
    if covered < fee.amount:
        fee.amount -= covered
        fee.from_deposit -= covered
    else:
        fee.status = Fee.Status.WAIVED
    fee.waived_at, fee.waived_by, fee.waived_till = desk.at, desk.staff, desk.till
    fee.waived_reason = f"{said.amount(covered)} of it: the forfeiture was undone"
    fee.save()


def _reverse(fate: Fate, desk: Desk) -> int:
    assert fate.entry is not None  # nosec B101 - only refunds have none
    try:
        if _was_merged(fate.entry):
            return _held_anew(fate, fate.entry, desk)
        return reverse(entry=fate.entry, desk=desk, note="Decision about a deposit undone").entry_id
    except (LotMoved, MoreThanTaken) as moved:
        raise Refused(_moved_on(fate)) from moved


def _moved_on(fate: Fate) -> str:
    """What it became, as far as it is known here."""
    opened = list(Lot.objects.filter(opened_by=fate.entry_id))
    families = families_of([lot.pk for lot in opened]).values()
    left = money(sum(lot.remaining for family in families for lot in family))
    gone = fate.amount - left
    what = _gone(fate, gone) if gone else "It was moved on meanwhile."
    return f"{what} Nothing was undone. Undo that first, or leave it as it is."


def _gone(fate: Fate, gone: Money) -> str:
    sale = (
        Posting.objects.filter(lot__opened_by=fate.entry_id, amount__gt=0)
        .exclude(entry=fate.entry_id)
        .filter(entry__cause_kind="order")
        .values_list("entry__cause_id", flat=True)
        .last()
    )
    order = Order.objects.filter(uuid=sale).first() if sale else None
    where = f"was spent on sale #{order.number}" if order else "was spent or moved on"
    return f"{said.amount(gone)} of this {said.amount(fate.amount)} {where}."


def _was_merged(entry: Entry) -> bool:
    """Whether its credit is a client's who was merged since: it cannot go back there."""
    return Posting.objects.filter(entry=entry, account__client__merged_into__isnull=False).exists()


def _held_anew(fate: Fate, entry: Entry, desk: Desk) -> int:
    """As a reversal, but for the one who stands for its client: children of the lots taken.

    Only what left the client's credit can be had back this way; the rest has moved with them.
    """
    postings = list(
        Posting.objects.filter(entry=entry).select_related("lot", "account__client__merged_into")
    )
    if fate.kind != Kind.FORFEITED:
        raise LotMoved("The credit moved when the clients were merged.")
    legs: list[Leg] = [
        Move(posting.account.name, -posting.amount) for posting in postings if posting.lot is None
    ]
    legs += [
        Open(accounts.standing_for(posting.account), posting.amount, parent=posting.lot.pk)
        for posting in postings
        if posting.lot is not None
    ]
    return post(
        key=f"fate:{fate.uuid}:undo",
        kind=EntryKind.FORFEIT,
        legs=legs,
        desk=desk,
        note="Decision about a deposit undone",
        cause=Cause(CAUSE, str(fate.decision.uuid)),
    ).entry_id
