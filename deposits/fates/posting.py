"""One part of a decision at a time: the entry that moves its lots, or refunds to their cards."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Sequence

from appointments.models import Appointment
from appointments.times import when
from checkout.models import Refund
from checkout.refunding import refund_to_card
from checkout.sold_lots import for_cards, lots_held_for
from clients.models import Client
from deposits.errors import MOVED_ON, Refused
from deposits.fates.held import Held
from deposits.models import Decision, Fate
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move, Open, Take, Terms
from ledger.models import Lot
from ledger.posting import Cause, post
from salon.desk import Desk
from salon.models import MerchantAccount
from salon.money import money

Kind = Fate.Kind

CAUSE = "deposit"
"""What the entries name as their cause, with the decision's uuid."""

_NOTES = {
    Kind.FORFEITED: "Deposit forfeited",
    Kind.MOVED: "Deposit moved",
    Kind.KEPT: "Deposit kept as account balance",
    Kind.REFUNDED: "Deposit refunded",
}


class Parting:
    """What is held, being parted: each part takes what it needs of the lots that are left, by id.

    The visit and the sales that sold the lots are locked.
    """

    def __init__(self, held: Held, decision: Decision, desk: Desk, becomes: Client | None) -> None:
        self.decision = decision
        self.desk = desk
        self.becomes = becomes
        self.lots = list(held.lots)
        self.left = {lot.pk: lot.remaining for lot in held.lots}
        self.written = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left of what was held."""
        return not any(self.left.values())

    def write(self, kind: Fate.Kind, cents: int, to: Appointment | None) -> Fate:
        """One fate, and what it does. Raises LotMoved and what refunding refuses."""
        fate = Fate(
            uuid=uuids.uuid5(self.decision.uuid, str(self.written)),
            decision=self.decision,
            kind=kind,
            amount=money(cents),
            to_appointment=to,
        )
        self.written += 1
        if kind == Kind.REFUNDED:
            fate.save(force_insert=True)
            fate.refunds.set(self._refunds(fate, cents))
        else:
            fate.entry_id = self._post(fate, list(self._taken(cents)))
            fate.save(force_insert=True)
        return fate

    def _refunds(self, fate: Fate, cents: int) -> Iterator[Refund]:
        """To the cards, sale by sale, out of these very lots."""
        for number, part in enumerate(list(for_cards(self.lots, self.left))):
            amount = min(cents, part.cents)
            cents -= amount
            if amount:
                yield refund_to_card(
                    line=part.line,
                    within=part.lots,
                    amount=money(amount),
                    desk=self.desk,
                    uuid=uuids.uuid5(fate.uuid, str(number)),
                    reason=self._note(fate),
                )
        if cents:
            raise Refused(MOVED_ON)
        self.lots = lots_held_for(self.decision.appointment_id)
        self.left = {lot.pk: lot.remaining for lot in self.lots}

    def _taken(self, cents: int) -> Iterator[tuple[Lot, int]]:
        for lot in self.lots:
            part = min(cents, self.left[lot.pk])
            if part:
                cents -= part
                self.left[lot.pk] -= part
                yield lot, part
        if cents:
            raise Refused(MOVED_ON)

    def _post(self, fate: Fate, parts: Sequence[tuple[Lot, int]]) -> int:
        is_gone = fate.kind == Kind.FORFEITED
        legs: list[Leg] = [Take(lot.pk, part) for lot, part in parts]
        legs += forfeits(parts) if is_gone else [self._child(fate, *part) for part in parts]
        return post(
            key=f"fate:{fate.uuid}",
            kind=EntryKind.FORFEIT if is_gone else EntryKind.LOT_CHANGE,
            legs=legs,
            desk=self.desk,
            note=self._note(fate),
            cause=Cause(CAUSE, str(self.decision.uuid)),
        ).entry_id

    def _child(self, fate: Fate, lot: Lot, part: int) -> Open:
        """On the same terms but the one that changes; so much of the card's ceiling as fits."""
        account = lot.account.name
        if fate.kind == Kind.KEPT:
            return Open(account, part, Terms(cleared=("visit",)), parent=lot.pk)
        if self.becomes and fate.to_appointment_id == self.decision.appointment_id:
            return Open(accounts.credit_of(self.becomes), part, parent=lot.pk)
        return Open(account, part, Terms(visit=fate.to_appointment_id), parent=lot.pk)

    def _note(self, fate: Fate) -> str:
        """Deposit moved to Tue, Nov 24, 3:15 pm: Clara is ill."""
        note = _NOTES[Kind(fate.kind)]
        if fate.to_appointment_id == self.decision.appointment_id:
            note = f"Deposit given to {self.becomes}"
        elif fate.to_appointment:
            note += f" to {when(fate.to_appointment)}"
        return f"{note}: {self.decision.reason}" if self.decision.reason else note


def forfeits(parts: Sequence[tuple[Lot, int]]) -> list[Leg]:
    """Whose income it is: the house's, or of the provider whose account has the cash."""
    held_by = {lot.holder_id for lot, _ in parts if lot.holder_id}
    holders = MerchantAccount.objects.in_bulk(held_by) if held_by else {}
    cents: dict[str, int] = {}
    for lot, part in parts:
        holder = holders.get(lot.holder_id or 0)
        account = accounts.FORFEITED
        if holder is not None and not holder.is_house:
            account = accounts.provider(holder)
        cents[account] = cents.get(account, 0) + part
    return [Move(account, -amount) for account, amount in cents.items()]
