"""The ledger told once more, in plain Python and without a database, to compare the real one with.

It keeps lists and adds them up each time: slow, and easy to see through. Where it refuses, it names
the error that the ledger should raise; then nothing has changed.
"""

import copy
import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from ledger import errors
from ledger.legs import Draw, Leg, Move, Open, Restore, Take

FOREVER = dt.date.max


@dataclass
class ModelLot:
    """A lot; `number` says when it was opened among all lots, `id` is the database's."""

    number: int
    account: str
    amount: int
    remaining: int
    entry: int
    source: str
    is_paid: bool
    since: dt.date
    expires_on: dt.date | None
    visit: int | None
    restriction: str
    ceiling: int
    parent: int | None = None
    id: int | None = None

    def place_in_drawing(self) -> tuple:
        return (
            self.visit is None,
            self.expires_on or FOREVER,
            self.restriction == "any",
            not self.is_paid,
            self.since,
            self.number,
        )


@dataclass
class ModelEntry:
    postings: list[tuple[str, int, int | None]] = field(default_factory=list)
    """Account, amount (debit positive), number of the lot."""
    undoes: int | None = None


class Refused(Exception):
    def __init__(self, error: type[errors.LedgerError]) -> None:
        super().__init__(error.__name__)
        self.error = error


class Model:
    def __init__(self) -> None:
        self.lots: list[ModelLot] = []
        self.entries: list[ModelEntry] = []

    # --- Acts ---------------------------------------------------------------------------------

    def post(self, legs: list[Leg], today: dt.date) -> list[ModelLot | None]:
        """Act on the legs in order; answers the lot of each Open leg. Raises Refused."""
        return self._all_or_nothing(lambda: self._act(legs, today, ModelEntry()))

    def reverse(self, number: int) -> None:
        """Undo an entry: what it drew goes back, what it opened goes, if all of it is there."""
        self._all_or_nothing(lambda: self._reverse(number))

    def _all_or_nothing(self, act):
        before = copy.deepcopy((self.lots, self.entries))
        try:
            return act()
        except Refused:
            self.lots, self.entries = before
            raise

    def _act(self, legs: list[Leg], today: dt.date, entry: ModelEntry) -> list[ModelLot | None]:
        self.entries.append(entry)
        opened: list[ModelLot | None] = []
        for leg in legs:
            if isinstance(leg, Move):
                self._move(entry, leg.account, leg.amount)
            elif isinstance(leg, Open):
                opened.append(self._open(entry, leg, today))
            elif isinstance(leg, Draw):
                self._draw(entry, leg, today)
            elif isinstance(leg, Take):
                self._change(entry, self.lot(leg.lot), -leg.amount)
            elif isinstance(leg, Restore):
                self._change(entry, self.lot(leg.lot), leg.amount)
        return opened

    def _move(self, entry: ModelEntry, account: str, amount: int) -> None:
        if account.startswith("receivable/") and self.balance(account) + amount < 0:
            raise Refused(errors.NotEnoughCredit)
        entry.postings.append((account, amount, None))

    def _open(self, entry: ModelEntry, leg: Open, today: dt.date) -> ModelLot | None:
        amount = leg.amount
        if leg.settles:
            settled = min(amount, self.balance(leg.settles))
            if settled:
                self._move(entry, leg.settles, -settled)
            amount -= settled
        if not amount:
            return None
        parent = self.lot(leg.parent) if leg.parent is not None else None
        if parent and self.given(parent) + amount > parent.amount - parent.remaining:
            raise Refused(errors.MoreThanTaken)
        terms = leg.terms

        def term(name: str, of_parent: str, otherwise: object) -> object:
            if name in terms.cleared:
                return None
            named = getattr(terms, name)
            if named is not None:
                return named
            return getattr(parent, of_parent) if parent else otherwise

        ceiling = term("card_ceiling", "ceiling", 0)
        if parent:
            ceiling = min(ceiling, parent.ceiling - self.given(parent, "ceiling"))
        lot = ModelLot(
            number=len(self.lots),
            account=leg.account,
            amount=amount,
            remaining=amount,
            entry=len(self.entries) - 1,
            source=term("source", "source", None),
            is_paid=term("is_paid", "is_paid", None),
            since=parent.since if parent else today,
            expires_on=term("expires_on", "expires_on", None),
            visit=term("visit", "visit", None),
            restriction=term("restriction", "restriction", "any"),
            ceiling=max(min(ceiling, amount), 0),
            parent=parent.number if parent else None,
        )
        self.lots.append(lot)
        entry.postings.append((leg.account, -amount, lot.number))
        return lot

    def _draw(self, entry: ModelEntry, leg: Draw, today: dt.date) -> None:
        wanted, caps = leg.amount, dict(leg.caps)
        for lot in self.spendable(leg.account, today, leg.visit):
            part = min(wanted, lot.remaining, caps.get(lot.restriction, wanted))
            if part:
                if lot.restriction in caps:
                    caps[lot.restriction] -= part
                self._change(entry, lot, -part)
                wanted -= part
        if wanted:
            account, limit = leg.short or ("", 0)
            if not account or self.balance(account) + wanted > limit:
                raise Refused(errors.NotEnoughCredit)
            self._move(entry, account, wanted)

    def _change(self, entry: ModelEntry, lot: ModelLot, amount: int) -> None:
        """Positive: back into the lot, as far as nobody else has what went out of it."""
        room = lot.amount - (self.given(lot) if amount > 0 else 0)
        if not 0 <= lot.remaining + amount <= room:
            raise Refused(errors.LotMoved)
        lot.remaining += amount
        entry.postings.append((lot.account, -amount, lot.number))

    def _reverse(self, number: int) -> None:
        undone = self.entries[number]
        if undone.undoes is not None:
            raise Refused(errors.NotReversible)
        entry = ModelEntry(undoes=number)
        self.entries.append(entry)
        for account, amount, lot_number in reversed(undone.postings):
            if lot_number is None:
                self._move(entry, account, -amount)
                continue
            lot = self.lots[lot_number]
            if amount < 0 and lot.entry == number and lot.remaining != lot.amount:
                raise Refused(errors.LotMoved)
            self._change(entry, lot, amount)

    # --- Questions --------------------------------------------------------------------------

    def lot(self, id: int | None) -> ModelLot:
        return next(lot for lot in self.lots if lot.id == id)

    def is_undone(self, number: int) -> bool:
        return any(entry.undoes == number for entry in self.entries)

    def given(self, parent: ModelLot, what: str = "amount") -> int:
        """What the children hold that still count: those whose opening was not undone."""
        return sum(
            getattr(lot, what)
            for lot in self.lots
            if lot.parent == parent.number and not self.is_undone(lot.entry)
        )

    def spendable(self, account: str, today: dt.date, visit: int | None) -> list[ModelLot]:
        lots = [
            lot
            for lot in self.lots
            if lot.account == account
            and lot.remaining
            and (lot.expires_on or FOREVER) >= today
            and lot.visit in (None, visit)
        ]
        return sorted(lots, key=ModelLot.place_in_drawing)

    def balance(self, account: str) -> int:
        return self.nets()[account]

    def nets(self) -> Counter[str]:
        """What stands on each account, debit positive: the sum of everything ever posted."""
        total: Counter[str] = Counter()
        for entry in self.entries:
            for account, amount, _ in entry.postings:
                total[account] += amount
        return total

    def held(self, account: str) -> int:
        return sum(lot.remaining for lot in self.lots if lot.account == account and lot.visit)
