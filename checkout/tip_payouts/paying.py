"""Paying out tips: one person or several, the whole or a part, in one act."""

import uuid as uuids
from collections.abc import Mapping

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.locking import require
from checkout.models import TipPayout
from checkout.tills.cash import drawer_holding
from checkout.tip_payouts.owed import balance_of, hold_people
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon import permissions, said
from salon.desk import Desk
from salon.models import StaffMember, TipsPaid
from salon.money import minor, money

LONGEST_REFERENCE = 240
NOTHING = "Nothing was paid."


@transaction.atomic
def pay_tips(
    *,
    amounts: Mapping[StaffMember, Money],
    how: str,
    desk: Desk,
    uuid: uuids.UUID,
    reference: str = "",
) -> list[TipPayout]:
    """Pay each of these people so much of what they are owed in tips; all of them, or nobody.

    Amounts are above zero and at most what each is owed now. `how`: one of TipsPaid; cash leaves
    the desk's till, which has to hold the sum; the others need a reference. `uuid` names the act:
    the same form again answers with what it paid. Locks the people, then the till. Raises Refused.
    """
    require(desk, permissions.PAY_TIPS, "pay out tips")
    held = hold_people(amounts)
    wanted = {person: amounts[person] for person in held}
    if paid := list(TipPayout.objects.filter(act=uuid).select_related("staff")):
        return _same(paid, wanted, how)
    reference = reference.strip()
    _check(wanted, how, reference)
    owed = {person: _owed(person, amount) for person, amount in wanted.items()}
    credit = _credit(how, sum(wanted.values(), money(0)), desk)
    return [
        _paid(person, amount, owed[person], credit, how, desk, uuid, reference)
        for person, amount in wanted.items()
    ]


def _paid(
    person: StaffMember,
    amount: Money,
    owed: Money,
    credit: str,
    how: str,
    desk: Desk,
    act: uuids.UUID,
    reference: str,
) -> TipPayout:
    uuid = uuids.uuid5(act, f"tips:{person.pk}")
    posted = post(
        key=f"tip-payout:{uuid}:paid",
        kind=EntryKind.TIPS,
        legs=[Move(accounts.tips(person), minor(amount)), Move(credit, -minor(amount))],
        desk=desk,
        note=reference,
        cause=Cause("tip_payout", str(uuid)),
    )
    return TipPayout.objects.create(
        uuid=uuid,
        act=act,
        staff=person,
        amount=amount,
        owed=owed,
        how=how,
        reference=reference,
        till=desk.till if how == TipsPaid.CASH else None,
        location=desk.location,
        at=desk.at,
        by=desk.person,
        after=_last_entry(person),
        entry_id=posted.entry_id,
    )


def _last_entry(person: StaffMember) -> int:
    """That of the last payment which stands; 0 where there was none."""
    standing = TipPayout.objects.filter(staff=person, undone_at=None)
    return standing.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0


def _check(wanted: Mapping[StaffMember, Money], how: str, reference: str) -> None:
    if not wanted:
        raise Refused(f"Choose who is paid. {NOTHING}", field="people")
    if any(minor(amount) <= 0 for amount in wanted.values()):
        raise Refused(f"Enter an amount above zero. {NOTHING}", field="amount")
    if how not in TipsPaid.values:
        raise Refused(f"Choose how it is paid. {NOTHING}", field="how")
    if how != TipsPaid.CASH and not reference:
        raise Refused(f"Say which payroll or transfer it goes with. {NOTHING}", field="reference")
    if len(reference) > LONGEST_REFERENCE:
        raise Refused(
            f"Say it in at most {LONGEST_REFERENCE} characters. {NOTHING}", field="reference"
        )


def _owed(person: StaffMember, amount: Money) -> Money:
    """What they are owed now, which is as much as is paid, or more."""
    owed = balance_of(person)
    if amount > owed:
        stands = f"is owed {said.amount(owed)}" if minor(owed) > 0 else "is owed no tips"
        if minor(owed) < 0:
            stands = f"owes the salon {said.amount(-owed)}"
        raise Refused(f"{person} {stands} now. {NOTHING} Look at the page again.", field="amount")
    return owed


def _credit(how: str, total: Money, desk: Desk) -> str:
    """The ledger account that the money leaves."""
    if how == TipsPaid.CASH:
        return drawer_holding(total, desk)
    return accounts.BANK if how == TipsPaid.BANK else accounts.other_tender("payroll")


def _same(paid: list[TipPayout], wanted: Mapping[StaffMember, Money], how: str) -> list[TipPayout]:
    done = {payout.staff: payout.amount for payout in paid}
    if done != wanted or any(payout.how != how for payout in paid):
        raise Refused(
            "This form was already used for another payment. Nothing more was paid. "
            "Load the page again."
        )
    return paid
