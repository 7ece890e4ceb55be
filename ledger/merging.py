"""The money's share when two clients are merged: one entry, of kind `merge`.

Every open lot of the one who goes is taken whole, and a child of it opens for the one who stays,
on the same terms: origin, holder, expiry, restriction, card ceiling and the visit it is held for
survive. What is owed moves too. One client does not owe and have free credit at once: credit that
is neither held nor restricted nor expired pays what the two owe, first what comes in, in the order
of drawing, then what was there.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count
from django.utils import timezone

from clients.errors import StaleMerge
from clients.merge_parts import Item, Pair, Part, Preview, Row
from clients.models import Client
from ledger import accounts
from ledger.balances import Balance, open_lots
from ledger.errors import LotMoved, MoreThanTaken, NotEnoughCredit
from ledger.kinds import GUARDED, AccountKind, EntryKind, Restriction
from ledger.legs import Leg, Move, Open, Take
from ledger.models import Account, Lot, Posting
from ledger.posting import Cause, post
from salon import said
from salon.money import money

CAUSE = "merge"
"""What the entry of a merge names as its cause, with the id of the client who went."""

LISTED = 12
"""Lots of one client that the page names; the figures are of all."""


@dataclass(frozen=True)
class Side:
    """One client's money at a moment. Minor units; `versions` are those of the accounts."""

    client: Client
    lots: list[Lot]
    owes: int
    versions: dict[str, int]
    on: dt.date

    @classmethod
    def of(cls, client: Client, on: dt.date) -> "Side":
        """Two queries. The versions are read first: what changes in between is noticed."""
        rows = list(Account.objects.filter(client=client, kind__in=GUARDED))
        owes = sum(row.balance or 0 for row in rows if row.kind == AccountKind.RECEIVABLE)
        versions = {row.name: row.version or 0 for row in rows}
        return cls(client, list(open_lots(client)), owes, versions, on)

    @cached_property
    def free(self) -> list[Lot]:
        """What may pay a debt: neither held, nor restricted, nor expired."""
        return [lot for lot in self.lots if self._is_usable(lot) and _is_plain(lot)]

    @cached_property
    def balance(self) -> Balance:
        held = sum(lot.remaining for lot in self.lots if lot.appointment_id)
        usable = sum(lot.remaining for lot in self.lots if self._is_usable(lot))
        stored = sum(lot.remaining for lot in self.lots)
        return Balance(*map(money, (stored, held, self.owes, usable)))

    def _is_usable(self, lot: Lot) -> bool:
        has_expired = lot.expires_on is not None and lot.expires_on < self.on
        return not has_expired and lot.appointment_id is None


@dataclass(frozen=True)
class Plan:
    """What a merge does to two clients' money; both the page and the entry are made of it."""

    gone: Side
    kept: Side

    @classmethod
    def of(cls, pair: Pair) -> "Plan":
        """Four queries."""
        on = pair.desk.business_date
        return cls(Side.of(pair.gone, on), Side.of(pair.kept, on))

    @cached_property
    def settled(self) -> int:
        """What free credit pays of what both owe."""
        free = sum(lot.remaining for lot in (*self.gone.free, *self.kept.free))
        return min(free, self.gone.owes + self.kept.owes)

    @cached_property
    def result(self) -> Balance:
        """What the one who stays has afterwards."""
        gone, kept, paid = self.gone.balance, self.kept.balance, money(self.settled)
        return Balance(
            stored=gone.stored + kept.stored - paid,
            held=gone.held + kept.held,
            owes=gone.owes + kept.owes - paid,
            available=gone.available + kept.available - paid,
        )

    @cached_property
    def legs(self) -> list[Leg]:
        """The debt first, so that what comes in finds it; then lots, each into a child of it."""
        credit, owed = (name(self.kept.client) for name in (accounts.credit_of, accounts.owed_by))
        legs: list[Leg] = []
        if self.gone.owes:
            legs.append(Move(accounts.owed_by(self.gone.client), -self.gone.owes))
            legs.append(Move(owed, self.gone.owes))
        for lot in self.gone.lots:
            settles = owed if lot in self.gone.free else None
            legs.append(Take(lot.pk, lot.remaining))
            legs.append(Open(credit, lot.remaining, parent=lot.pk, settles=settles))
        left = self.settled - min(self.settled, sum(lot.remaining for lot in self.gone.free))
        for lot in self.kept.free:
            if part := min(left, lot.remaining):
                legs += [Take(lot.pk, part), Move(owed, -part)]
                left -= part
        return legs

    def is_current(self, entry_id: int) -> bool:
        """Whether nothing moved on these accounts between reading the plan and its entry.

        Those that the entry did not touch count too: a debt made there meanwhile is one that free
        credit has to pay. Two queries.
        """
        postings = Posting.objects.filter(entry=entry_id, version__isnull=False).order_by()
        posted = dict(postings.values_list("account").annotate(Count("line")))
        known = self.gone.versions | self.kept.versions
        guarded = Account.objects.filter(
            client__in=[self.gone.client, self.kept.client], kind__in=GUARDED
        )
        return all(
            account.version == known.get(account.name, 0) + posted.get(account.pk, 0)
            for account in guarded
        )


@dataclass(frozen=True)
class MoneyPreview(Preview):
    plan: Plan = field(kw_only=True)


class MoneyPart(Part):
    position = 30
    is_shown_first = True

    def preview(self, pair: Pair) -> MoneyPreview:
        """Four queries."""
        plan = Plan.of(pair)
        return MoneyPreview(
            plan=plan,
            rows=_rows(plan),
            gone_items=_items(plan.gone),
            kept_items=_items(plan.kept),
            notes=_notes(plan),
            outcome=_outcome(plan.result),
            stamp=f"{plan.gone.versions}{plan.kept.versions}{pair.desk.business_date}",
        )

    def merge(self, pair: Pair, preview: Preview) -> None:
        """One entry, none where nothing is held or owed. StaleMerge when money moved meanwhile."""
        assert isinstance(preview, MoneyPreview)  # nosec B101 - merging hands back our own
        plan = preview.plan
        if not plan.legs:
            return
        try:
            posted = post(
                key=f"client:{pair.gone.pk}:merge",
                kind=EntryKind.MERGE,
                legs=plan.legs,
                desk=pair.desk,
                note=f"From {pair.gone.name}, who was merged into {pair.kept.name}",
                cause=Cause(CAUSE, str(pair.gone.pk)),
            )
        except (LotMoved, NotEnoughCredit, MoreThanTaken) as moved:
            raise StaleMerge from moved
        if not plan.is_current(posted.entry_id):
            raise StaleMerge


def _is_plain(lot: Lot) -> bool:
    return lot.restriction == Restriction.ANY


def _rows(plan: Plan) -> list[Row]:
    """Available always, what else there is only where somebody has it."""
    gone, kept, result = plan.gone.balance, plan.kept.balance, plan.result
    figures = [
        ("Available", "credit", (gone.available, kept.available, result.available)),
        ("Held for visits", "held", (gone.held, kept.held, result.held)),
        ("Owes", "owes", (gone.owes, kept.owes, result.owes)),
        ("Expired", "", tuple(b.stored - b.held - b.available for b in (gone, kept, result))),
    ]
    return [
        Row(label, said.amount(of_gone), said.amount(of_kept), said.amount(of_both), kind)
        for label, kind, (of_gone, of_kept, of_both) in figures
        if kind == "credit" or of_gone or of_kept or of_both
    ]


def _items(side: Side) -> list[Item]:
    items = [
        Item(
            lot.get_source_display(),
            _terms(lot, side.on),
            said.amount(money(lot.remaining)),
            lot.source,
        )
        for lot in side.lots[:LISTED]
    ]
    if hidden := side.lots[LISTED:]:
        rest = said.amount(money(sum(lot.remaining for lot in hidden)))
        items.append(Item(f"{len(hidden)} more", "", rest))
    return items


def _terms(lot: Lot, on: dt.date) -> str:
    terms = [f"since {said.day(lot.since, on)}"]
    if lot.appointment:
        terms.append(f"held for {said.moment(lot.appointment.starts_at, _noon(on))}")
    if not _is_plain(lot):
        terms.append(lot.get_restriction_display().lower())
    if lot.expires_on:
        terms.append(f"until {said.day(lot.expires_on, on)}")
    return " · ".join(terms)


def _noon(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time(12)))


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.settled:
        paid = said.amount(money(plan.settled))
        notes.append(f"{paid} of the credit pays what is owed.")
    if plan.gone.lots:
        notes.append("All credit keeps where it is from, until when and for what.")
    return notes


def _outcome(result: Balance) -> str:
    parts = [
        f"{said.amount(result.available)} credit" if result.available else "",
        f"{said.amount(result.held)} held" if result.held else "",
        f"owes {said.amount(result.owes)}" if result.owes else "",
    ]
    return ", ".join(part for part in parts if part)
