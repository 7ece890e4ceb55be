"""Every act in any order, each of them also again, against the simple model."""

import datetime as dt
import uuid

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.balances import balances_of, spendable
from ledger.errors import KeyConflict, LedgerError
from ledger.expiring import expire_lots
from ledger.kinds import AdjustReason, EntryKind, Restriction, Source
from ledger.legs import Draw, Leg, Move, Open, Restore, Take, Terms
from ledger.models import Entry, Lot
from ledger.posting import Posted
from ledger.reversing import reverse
from ledger.trial_balance import trial_balance
from salon.desk import Desk
from salon.money import minor, money
from tests.factories import make_client, make_desk, make_role
from tests.harness import machines
from tests.ledger.books import act, assert_well, make_visits
from tests.ledger.model import Model, Refused

# Small figures meet their bounds often.
amounts = st.integers(1, 60)
clients = st.integers(0, 1)
picks = st.integers(0, 10**6)
restrictions = st.sampled_from([None, None, *Restriction.values])
days = st.one_of(st.none(), st.integers(0, 6))
DEBT_LIMIT = 50


class Ledger(RuleBasedStateMachine):
    """Two clients with two visits each, a till, and a clock that moves."""

    @initialize()
    def open_the_shop(self) -> None:
        self.undo_everything = transaction.atomic()
        self.undo_everything.__enter__()
        make_role("Owner", adjustment_limit=None)
        self.place = make_desk("Olivia")
        self.now = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
        self.clients = [make_client("Clara Nuñez"), make_client("Ben Okafor")]
        self.visits = [make_visits(client, 2) for client in self.clients]
        self.model = Model()
        self.numbers: dict[int, int] = {}
        self.calls: list[tuple[str, str, list[Leg], int]] = []

    def teardown(self) -> None:
        if hasattr(self, "undo_everything"):
            try:
                assert_well()
            finally:
                transaction.set_rollback(True)
                self.undo_everything.__exit__(None, None, None)

    # --- Both sides of an act -----------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        return Desk(self.place.staff, self.place.location, self.place.till, self.now)

    @property
    def today(self) -> dt.date:
        return self.desk.business_date

    def both(self, kind: str, *legs: Leg, key: str = "", run=None) -> None:
        """Post to the model and to the ledger; both take it, or both refuse for the same reason."""
        key = key or f"act:{uuid.uuid4()}"
        run = run or (lambda: act(self.desk, *legs, kind=kind, key=key))
        try:
            opened = self.model.post(list(legs), self.today)
        except Refused as refusal:
            self.ledger_refuses(run, refusal)
            return
        posted = run()
        self.same_lots(posted, opened)
        self.calls.append((key, kind, list(legs), posted.entry_id))

    def ledger_refuses(self, run, refusal: Refused) -> None:
        try:
            run()
        except LedgerError as error:
            assert type(error) is refusal.error, (error, refusal.error)
        else:
            raise AssertionError(f"The ledger took what the model refuses: {refusal}")

    def same_lots(self, posted: Posted, opened: list) -> None:
        self.numbers[posted.entry_id] = len(self.model.entries) - 1
        assert [lot is None for lot in opened] == [id is None for id in posted.opened]
        for lot, id in zip(opened, posted.opened, strict=True):
            if lot:
                lot.id = id

    def lots_where(self, wanted) -> list:
        return [lot for lot in self.model.lots if wanted(lot)]

    def credit(self, who: int) -> str:
        return accounts.credit_of(self.clients[who])

    def owed(self, who: int) -> str:
        return accounts.owed_by(self.clients[who])

    def last_day(self, days: int | None) -> dt.date | None:
        return None if days is None else self.today + dt.timedelta(days=days)

    # --- Money in ---------------------------------------------------------------------------

    @rule(who=clients, cents=amounts, days=days, restriction=restrictions)
    def gift(self, who: int, cents: int, days: int | None, restriction: str | None) -> None:
        terms = Terms(
            source=Source.GOODWILL,
            is_paid=False,
            expires_on=self.last_day(days),
            restriction=restriction,
        )
        gift = Open(self.credit(who), cents, terms)
        self.both(EntryKind.ADJUSTMENT, gift, Move(accounts.GOODWILL, cents))

    @rule(who=clients, cents=amounts, by_card=st.integers(0, 60))
    def top_up(self, who: int, cents: int, by_card: int) -> None:
        terms = Terms(source=Source.PURCHASE, is_paid=True, card_ceiling=by_card)
        lot = Open(self.credit(who), cents, terms, settles=self.owed(who))
        self.both(EntryKind.SALE, Move(accounts.CARD, cents), lot)

    @rule(who=clients, cents=amounts, visit=st.integers(0, 1))
    def deposit(self, who: int, cents: int, visit: int) -> None:
        terms = Terms(
            source=Source.DEPOSIT,
            is_paid=True,
            visit=self.visits[who][visit].pk,
            card_ceiling=cents,
        )
        self.both(EntryKind.SALE, Move(accounts.CARD, cents), Open(self.credit(who), cents, terms))

    @rule(who=clients, cents=amounts)
    def pay_off(self, who: int, cents: int) -> None:
        cash = accounts.cash(self.place.till)
        self.both(EntryKind.TENDER, Move(cash, cents), Move(self.owed(who), -cents))

    # --- Money spent ------------------------------------------------------------------------

    @rule(
        who=clients,
        cents=amounts,
        visit=st.one_of(st.none(), st.integers(0, 1)),
        caps=st.one_of(
            st.none(),
            st.fixed_dictionaries({"services": st.integers(0, 60), "products": st.integers(0, 60)}),
        ),
        may_owe=st.booleans(),
    )
    def draw(self, who: int, cents: int, visit: int | None, caps: dict | None, may_owe: bool):
        draw = Draw(
            self.credit(who),
            cents,
            visit=None if visit is None else self.visits[who][visit].pk,
            caps=caps or {},
            short=(self.owed(who), DEBT_LIMIT) if may_owe else None,
        )
        self.both(EntryKind.TENDER, draw, Move(accounts.OPEN_ORDERS, -cents))

    @rule(who=clients, cents=st.integers(-60, 60).filter(bool))
    def adjust(self, who: int, cents: int) -> None:
        account, key = self.credit(who), uuid.uuid4()
        if cents > 0:
            terms = Terms(source=Source.GOODWILL, is_paid=False)
            leg: Leg = Open(account, cents, terms, settles=self.owed(who))
        else:
            leg = Draw(account, -cents)

        def by_hand() -> Posted:
            return adjust_balance(
                client=self.clients[who],
                amount=money(cents),
                reason=AdjustReason.CORRECTION,
                note="",
                desk=self.desk,
                key=key,
            )

        cost = Move(accounts.GOODWILL, cents)
        self.both(EntryKind.ADJUSTMENT, leg, cost, key=f"adjustment:{key}", run=by_hand)

    # --- Lots that change -----------------------------------------------------------------------

    @precondition(lambda self: self.lots_where(lambda lot: lot.remaining < lot.amount))
    @rule(pick=picks, cents=amounts)
    def refund_to_the_balance(self, pick: int, cents: int) -> None:
        """What credit paid goes back to credit: a child of the lot, of at most what went out."""
        lots = self.lots_where(lambda lot: lot.remaining < lot.amount)
        lot = lots[pick % len(lots)]
        terms = Terms(cleared=("visit",), expires_on=self.last_day(3))
        child = Open(lot.account, cents, terms, parent=lot.id)
        self.both(EntryKind.REFUND, Move(accounts.income("services"), cents), child)

    @precondition(lambda self: self.lots_where(lambda lot: lot.remaining))
    @rule(pick=picks, cents=amounts, to=st.sampled_from(["visit", "free", "friend", "later"]))
    def move(self, pick: int, cents: int, to: str) -> None:
        """Hold for a visit, release, give to a friend, extend: take and open a child."""
        lots = self.lots_where(lambda lot: lot.remaining)
        lot = lots[pick % len(lots)]
        owner = 0 if lot.account == self.credit(0) else 1
        terms = {
            "visit": Terms(visit=self.visits[owner][pick % 2].pk),
            "free": Terms(cleared=("visit",), restriction=Restriction.ANY, card_ceiling=99),
            "friend": Terms(cleared=("visit",)),
            "later": Terms(expires_on=self.last_day(9)),
        }[to]
        account = self.credit(1 - owner) if to == "friend" else lot.account
        child = Open(account, cents, terms, parent=lot.id)
        self.both(EntryKind.LOT_CHANGE, Take(lot.id, cents), child)

    @precondition(lambda self: self.model.lots)
    @rule(pick=picks, cents=amounts)
    def restore_by_hand(self, pick: int, cents: int) -> None:
        lot = self.model.lots[pick % len(self.model.lots)]
        self.both(EntryKind.TENDER_BACK, Restore(lot.id, cents), Move(accounts.OPEN_ORDERS, cents))

    # --- Undoing, time, and again -------------------------------------------------------------

    @precondition(lambda self: self.numbers)
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        """Reverse any entry: a payment, a gift, a refund, a move, an expiry, even a reversal."""
        entry_id = sorted(self.numbers)[pick % len(self.numbers)]
        number = self.numbers[entry_id]
        entry = Entry.objects.get(pk=entry_id)

        def run() -> Posted:
            return reverse(entry=entry, desk=self.desk)

        if self.model.is_undone(number):
            assert not run().is_new
            return
        try:
            self.model.reverse(number)
        except Refused as refusal:
            self.ledger_refuses(run, refusal)
            return
        self.numbers[run().entry_id] = len(self.model.entries) - 1

    @rule(hours=st.integers(1, 50))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @rule()
    def expire(self) -> None:
        expired = self.lots_where(
            lambda lot: lot.remaining and lot.expires_on and lot.expires_on < self.today
        )
        posted = expire_lots(self.now)
        assert len(posted) == len(expired)
        for entry, lot in zip(posted, expired, strict=True):
            left = lot.remaining
            self.model.post([Take(lot.id, left), Move(accounts.BREAKAGE, -left)], self.today)
            self.numbers[entry.entry_id] = len(self.model.entries) - 1
        assert expire_lots(self.now) == []

    @precondition(lambda self: self.calls)
    @rule(pick=picks, change=st.sampled_from(["nothing", "amount", "kind", "legs"]))
    def again(self, pick: int, change: str) -> None:
        """Any earlier call once more: its own answer, or a conflict when its content differs."""
        key, kind, legs, entry_id = self.calls[pick % len(self.calls)]
        if change == "nothing":
            posted = act(self.desk, *legs, kind=kind, key=key)
            assert (posted.entry_id, posted.is_new) == (entry_id, False)
            return
        if change == "kind":
            kind = EntryKind.MERGE
        elif change == "legs":
            legs = [*legs, Move(accounts.CARD, 1), Move(accounts.OPEN_ORDERS, -1)]
        else:
            legs = [type(leg)(**{**vars(leg), "amount": leg.amount * 2}) for leg in legs]
        try:
            act(self.desk, *legs, kind=kind, key=key)
        except KeyConflict as conflict:
            assert conflict.figures["entry"] == entry_id
        else:
            raise AssertionError("Another act was taken under a used key.")

    # --- After each step --------------------------------------------------------------------------

    @invariant()
    def the_books_are_the_model_s(self) -> None:
        if not hasattr(self, "model"):
            return
        found = {row.name: minor(row.net) for row in trial_balance().rows}
        assert found == {name: net for name, net in self.model.nets().items() if net}
        assert sum(found.values()) == 0

    @invariant()
    def each_lot_is_the_model_s(self) -> None:
        if not hasattr(self, "model"):
            return
        names = ["id", "amount", "remaining", "expires_on", "appointment_id", "card_ceiling"]
        found = list(Lot.objects.order_by("id").values_list(*names, "restriction", "since"))
        assert found == [
            (
                lot.id,
                lot.amount,
                lot.remaining,
                lot.expires_on,
                lot.visit,
                lot.ceiling,
                lot.restriction,
                lot.since,
            )
            for lot in self.model.lots
        ]

    @invariant()
    def each_balance_is_the_model_s(self) -> None:
        if not hasattr(self, "model"):
            return
        # As the visit's order sees it: its own client's and, by turns, the other's.
        whose = len(self.model.entries) % 2
        visit = self.visits[whose][0]
        balances = balances_of(self.clients, self.today, visit)
        for who, client in enumerate(self.clients):
            account, balance = self.credit(who), balances[client.pk]
            can_spend = self.model.spendable(account, self.today, visit.pk)
            assert minor(balance.stored) == -self.model.balance(account) >= 0
            assert minor(balance.owes) == self.model.balance(self.owed(who)) >= 0
            assert minor(balance.held) == self.model.held(account)
            assert minor(balance.available) == sum(lot.remaining for lot in can_spend)
            if who == whose:
                shown = spendable(client, self.today, visit).values_list("pk", flat=True)
                assert list(shown) == [lot.id for lot in can_spend]


def test_the_ledger_and_the_model_agree_whatever_happens(db):
    machines.run(Ledger, examples=15, steps=30, env="LEDGER_EXAMPLES")
