"""verify_ledger names what is wrong with decisions about deposits and with fees.

The rows are broken by the superuser with triggers off: nobody else could.
"""

import uuid

import pytest
from django.db import connection, transaction

from deposits.fees.charging import charge_fee
from deposits.models import Fee
from tests.cards.on_file_helpers import make_card
from tests.deposits.money import by_hand, make_visit, take_deposit, wish
from tests.deposits.test_verifying import wrong
from tests.factories import dollars, make_client, make_desk
from tests.harness import databases
from tests.ledger.books import assert_well


@pytest.fixture
def lived(committing_db, processor):
    """$100.00 of one visit parted in three, a fee out of it; the card pays another's, and has back
    what it paid for a third, which was waived meanwhile."""
    desk, clara = make_desk("Marcus"), make_client("Clara Nuñez")
    make_card(processor, clara, desk)
    first, second, third = (make_visit(clara, days) for days in (3, 5, 7))
    take_deposit(first, 100, desk)
    decision = by_hand(first, desk, wish("kept", 25), wish("forfeited", 35), wish("refunded", 40))
    fee_of = {"occasion": "late", "desk": desk}
    charge_fee(
        **fee_of, visit=first, amount=dollars(35), from_deposit=dollars(35),
        decision=decision, uuid=uuid.uuid4(),
    )  # fmt: skip
    fee_of |= {"amount": dollars(20), "from_deposit": dollars(0)}
    charge_fee(**fee_of, visit=second, uuid=uuid.uuid4())
    with transaction.atomic():  # The card is charged once this has committed.
        charge_fee(**fee_of, visit=third, uuid=uuid.uuid4())
        Fee.objects.filter(appointment=third).update(status="waived")
    assert set(Fee.objects.values_list("status", flat=True)) == {"covered", "paid", "waived"}
    assert_well()
    return committing_db


BROKEN = [
    ("update deposits_decision set held = 99", "99.00 was held, and its parts make"),
    ("update deposits_fate set amount = 24 where kind = 'kept'", "24.00 kept, and its entry takes"),
    (
        "update deposits_fate set entry_id = null where kind = 'forfeited'",
        "and its entry takes 0 from what was held",
    ),
    (
        "update deposits_fate set amount = 41 where kind = 'refunded'",
        "41.00 back to the card, and its refunds give 40",
    ),
    ("delete from deposits_fate_refunds", "and its refunds give 0"),
    (
        "update deposits_fate set undone_at = now() where kind = 'kept'",
        "undone is t, its entry's reversal is f",
    ),
    (
        "update deposits_fee set amount = 36 where status = 'covered'",
        "covered, and 35.00 came out of the deposit",
    ),
    (
        "update deposits_fee set decision_id = null where status = 'covered'",
        "35.00 of it came out of the deposit, of which 0 was forfeited",
    ),
    (
        "update deposits_fate set undone_at = now() where kind = 'forfeited'",
        "35.00 of it came out of the deposit, of which 0 was forfeited",
    ),
    (
        "update deposits_fee set amount = 21 where status = 'paid'",
        "paid, its deposit paid 0.00 and its sale 20",
    ),
    (
        "update deposits_fee set status = 'owed', order_id = null where status = 'paid'",
        "owed, its deposit paid 0.00 and its sale 0",
    ),
    (
        "update cards_cardrefund set amount = 19 where purpose = 'fee'",
        "paid no fee, and 19.00 of it went straight back",
    ),
    ("delete from cards_cardrefund where purpose = 'fee'", "and 0 of it went straight back"),
    (
        """update cards_cardrefund set attempt_id = (
            select attempt_id from checkout_ordercharge where tender_id is not null
        ) where purpose = 'fee'""",
        "paid a fee, and 20.00 of it went straight back",
    ),
]


def test_each_thing_that_is_wrong_is_told(lived):
    for statement, told in BROKEN:
        with databases.connected_to(lived.superuser_url), transaction.atomic():
            with connection.cursor() as superuser:
                superuser.execute("set local session_replication_role = replica")
                superuser.execute(statement)
                assert superuser.rowcount, statement
            named = wrong()
            transaction.set_rollback(True)
        assert any(told in sentence for sentence in named), (statement, named)
