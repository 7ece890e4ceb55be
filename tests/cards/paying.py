"""A purpose for tests, acts by it in one line each, and the processor's books beside ours."""

import datetime as dt
import uuid as uuids
from collections import Counter

from django.db import transaction

from cards import attempts, sweeping
from cards.models import Attempt, CardOnFile, CardRefund, ProcessorCustomer, Transfer
from cards.purposes import Purpose
from cards.refund_sending import send_refund
from cards.refunding import begin_refund, settle_instead
from cards.transferring import begin_taking_back, begin_transfer
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import Posting
from ledger.posting import post
from salon import clock
from salon.desk import Desk
from salon.money import minor
from tests.factories import dollars, make_client, make_desk
from tests.harness.processor import FRONT, PAYS, TestProcessor
from tests.ledger.books import assert_well

PURPOSE = "test"
BACK = "https://desk.example/back/"
NOW = dt.timedelta(0)
Way = Attempt.Way


class Paying(Purpose):
    """What is paid stands on open orders; `told` is what it heard, in order."""

    code = PURPOSE

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []
        self.breaks = False

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """Post it; with `breaks`, fall over first."""
        if self.breaks:
            raise RuntimeError("the order cannot be recorded")
        self.told.append(("paid", attempt.uuid))
        _post(f"test:{attempt.uuid}", attempt.amount, desk)

    def ended(self, attempt: Attempt) -> None:
        self.told.append(("ended", attempt.uuid))

    def changed(self, attempt: Attempt) -> None:
        self.told.append(("changed", attempt.uuid))

    def refund_moved(self, refund: CardRefund) -> None:
        self.told.append((f"refund {refund.status}", refund.uuid))

    def count(self, what: str) -> int:
        """How often it was told this."""
        return sum(told == what for told, _ in self.told)


def _post(key: str, amount, desk: Desk, sign: int = 1, other: str = accounts.OPEN_ORDERS) -> int:
    cents = minor(amount) * sign
    legs = [Move(accounts.PROCESSOR, cents), Move(other, -cents)]
    return post(key=key, kind=EntryKind.TENDER, legs=legs, desk=desk).entry_id


# --- Acts -----------------------------------------------------------------------------------------


def make_attempt(way: str = Way.PHONE, amount: str | int = 40, **more) -> Attempt:
    """An attempt as an order would begin it: $40.00 on the client's phone, not sent yet."""
    values = {
        "purpose": PURPOSE,
        "reference": "order 1",
        "amount": dollars(amount),
        "way": way,
        "description": "Midtown, sale #1001",
        "desk": more.pop("desk", None) or make_desk(),
        "uuid": uuids.uuid4(),
        "reader_id": FRONT if way == Way.READER else "",
        "back_url": BACK,
    }
    with transaction.atomic():
        return attempts.begin(**{**values, **more})


def make_kept_card(processor: TestProcessor, number: str = PAYS) -> CardOnFile:
    """A card of Clara's that the processor keeps."""
    client, key = make_client("Clara Nuñez"), str(uuids.uuid4())
    there = processor.gateway.make_customer(reference=key, name="Clara", email="", key=key)
    customer = ProcessorCustomer.objects.create(client=client, gateway_id=there)
    return CardOnFile.objects.create(
        client=client,
        customer=customer,
        method=processor.save_card(there, number),
        brand="Visa",
        last4=number[-4:],
        exp_month=12,
        exp_year=2040,
        consented_at=clock.now(),
        added_at=clock.now(),
    )


def make_on_file(processor: TestProcessor, number: str = PAYS, amount: str | int = 40, **more):
    """An attempt with a card on file, not sent yet."""
    return make_attempt(Way.ON_FILE, amount, card=make_kept_card(processor, number), **more)


def make_paid(processor: TestProcessor, amount: str | int = 40, number: str = PAYS) -> Attempt:
    """A charge that was recorded, of a card on file."""
    attempt = attempts.send(make_on_file(processor, number, amount))
    assert attempt.status == Attempt.Status.SUCCEEDED, attempt.failure
    return attempt


def make_refund(attempt: Attempt, amount: str | int = 10, uuid: uuids.UUID | None = None):
    """A refund with its entry, as an order would give it back; not sent yet."""
    desk = make_desk()
    uuid = uuid or uuids.uuid4()
    with transaction.atomic():
        refund = begin_refund(
            attempt=attempt,
            amount=dollars(amount),
            purpose=PURPOSE,
            reference="order 1",
            desk=desk,
            uuid=uuid,
        )
        _post(f"test:refund:{uuid}", refund.amount, desk, -1)
    return refund


def refund_sent(attempt: Attempt, amount: str | int = 10) -> CardRefund:
    """A refund that was sent; as far as it came."""
    return send_refund(make_refund(attempt, amount))


@transaction.atomic
def put_on_the_balance(refund: CardRefund) -> CardRefund:
    """What the card refused stands on open orders again."""
    entry_id = _post(f"test:instead:{refund.uuid}", refund.amount, make_desk())
    return settle_instead(refund, how="balance", entry_id=entry_id)


def make_owed(account, amount: str | int) -> None:
    """Let the house owe a provider so much, out of open orders."""
    cents = minor(dollars(amount))
    legs = [Move(accounts.provider(account), -cents), Move(accounts.OPEN_ORDERS, cents)]
    post(key=f"test:{uuids.uuid4()}", kind=EntryKind.SALE, legs=legs, desk=make_desk())


def make_transfer(account, amount: str | int = 10) -> Transfer:
    """A transfer to a provider's account, not sent yet."""
    return begin_transfer(
        account=account,
        amount=dollars(amount),
        purpose=PURPOSE,
        reference="order 1",
        desk=make_desk(),
        uuid=uuids.uuid4(),
    )


def make_taking_back(transfer: Transfer, amount: str | int = 4) -> Transfer:
    """So much of a transfer is to come back; not sent yet."""
    return begin_taking_back(
        transfer=transfer,
        amount=dollars(amount),
        purpose=PURPOSE,
        reference="order 1",
        desk=make_desk(),
        uuid=uuids.uuid4(),
    )


# --- Time, and what is left ---------------------------------------------------------------------


def fresh(row):
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def time_passes(minutes: int = 60) -> None:
    """For all that is under way here; the processor's clock stands still."""
    past = dt.timedelta(minutes=minutes)
    for attempt in Attempt.objects.open():
        attempt.started_at -= past
        attempt.expires_at -= past
        attempt.save(update_fields=["started_at", "expires_at"])
    for kind in (CardRefund, Transfer):
        for row in kind.objects.filter(sent_at__isnull=False):
            row.sent_at -= past
            row.save(update_fields=["sent_at"])


def sweep() -> list[str]:
    """What the sweep could not finish, young and old."""
    return sweeping.sweep(NOW)


def settle_everything() -> None:
    """Sweep, let every patience run out, and sweep again: then nothing is open."""
    sweep()
    time_passes()
    assert sweep() == []
    assert not Attempt.objects.open().exists()


# --- Two sets of books ----------------------------------------------------------------------------


def balance_of(account: str) -> int:
    """What stands on a ledger account, debit positive, in cents."""
    return sum(Posting.objects.filter(account__name=account).values_list("amount", flat=True))


def taken(processor: TestProcessor) -> dict[str, int]:
    """What cards were charged at the processor, by payment."""
    charges = processor.books()["charges"]
    return {one["payment_intent"]: one["amount"] for one in charges if one["paid"]}


def assert_books_agree(processor: TestProcessor) -> None:
    """Every charge, refund and transfer there is one row here, and the money is the same."""
    books = processor.books()
    charged = Counter(it["payment_intent"] for it in books["charges"] if it["paid"])
    assert all(times == 1 for times in charged.values())
    paid = Attempt.objects.filter(status=Attempt.Status.SUCCEEDED)
    assert {it.payment_id: minor(it.amount) for it in paid} == taken(processor)
    assert _of_rows(CardRefund.objects.filter(status__in=["pending", "done"])) == {
        it["id"]: it["amount"] for it in books["refunds"] if it["status"] != "failed"
    }
    done = Transfer.objects.filter(status="done", by_hand="")
    moved = books["transfers"] + books["reversals"]
    assert _of_rows(done) == {it["id"]: it["amount"] for it in moved}
    # What a card refused is still there, and the books gave it back already.
    stranded = sum(minor(it.amount) for it in CardRefund.objects.stranded())
    assert balance_of(accounts.PROCESSOR) == books["balance"].get("usd", 0) - stranded
    assert_well()


def _of_rows(rows) -> dict[str, int]:
    return {row.gateway_id: minor(row.amount) for row in rows}
