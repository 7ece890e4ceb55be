"""What a provider is owed goes to their account, comes back, or is paid by hand."""

import uuid

import pytest

from cards.errors import NotConnected, NotTransferable
from cards.models import Transfer
from cards.transfer_sending import send_transfer
from cards.transferring import left_of, pay_by_hand, payable_to
from ledger import accounts
from ledger.models import Entry
from tests.cards.paying import (
    assert_books_agree,
    balance_of,
    fresh,
    make_owed,
    make_paid,
    make_taking_back,
    make_transfer,
    sweep,
    time_passes,
)
from tests.factories import dollars, make_desk, make_merchant_account
from tests.harness.at_once import at_once
from tests.ledger.books import assert_trial_balance, assert_well

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paying")]
Status = Transfer.Status


@pytest.fixture
def theo(db):
    """Has an account of his own at the processor."""
    return make_merchant_account("Theo", processor_account="acct_theo")


def by_hand(account, amount, **more):
    values = {"how": "bank", "credit": accounts.BANK, "desk": make_desk(), "uuid": uuid.uuid4()}
    return pay_by_hand(account=account, amount=dollars(amount), **{**values, **more})


def test_a_share_goes_to_their_account_and_comes_back_in_part(processor, theo):
    make_paid(processor, 100)
    make_owed(theo, 60)
    transfer = send_transfer(make_transfer(theo, 60))
    assert (transfer.status, balance_of(accounts.provider(theo))) == (Status.DONE, 0)
    assert_books_agree(processor)

    back = send_transfer(make_taking_back(transfer, 20))
    assert (back.status, left_of(transfer)) == (Status.DONE, dollars(40))
    assert_trial_balance(
        debit={"card": "56.80", "fees": "3.20"},
        credit={"open_orders": "40.00", "provider": "20.00"},
    )
    assert_books_agree(processor)


def test_no_more_comes_back_than_went_out(processor, theo):
    make_paid(processor, 100)
    make_owed(theo, 60)
    transfer = make_transfer(theo, 10)
    make_taking_back(transfer, 6)
    with pytest.raises(NotTransferable, match=r"Only \$4.00 of this transfer to Theo"):
        make_taking_back(transfer, 5)


def test_what_is_taken_back_waits_for_the_transfer_itself(processor, theo):
    make_paid(processor, 100)
    make_owed(theo, 60)
    transfer = make_transfer(theo, 10)
    back = make_taking_back(transfer, 10)
    with processor.down():
        assert send_transfer(back).status == Status.WAITING
    assert sweep() == []
    assert (fresh(transfer).status, fresh(back).status) == (Status.DONE, Status.DONE)
    assert_books_agree(processor)


def test_what_never_went_out_is_not_taken_back(processor, theo):
    """The processor's balance is too low; it stays payable, and nothing was posted."""
    make_owed(theo, 60)
    transfer = make_transfer(theo, 10)
    back = make_taking_back(transfer, 4)
    assert payable_to(theo) == dollars(54)

    transfer = send_transfer(transfer)
    assert transfer.status == Status.REFUSED
    assert "There is not enough money at the processor yet." in transfer.failure
    back = send_transfer(back)
    assert (back.status, back.failure[:31]) == (Status.REFUSED, "The transfer was never made: th")
    assert payable_to(theo) == dollars(60)
    assert balance_of(accounts.PROCESSOR) == 0
    assert_well()


def test_without_an_account_at_the_processor_it_is_paid_by_hand(processor):
    theo = make_merchant_account("Theo")
    make_owed(theo, 60)
    with pytest.raises(NotTransferable, match="Theo has no account at the card processor"):
        make_transfer(theo)

    paid = by_hand(theo, 45)
    assert (paid.status, payable_to(theo)) == (Status.DONE, dollars(15))
    assert_trial_balance(
        debit={"open_orders": "60.00"}, credit={"bank": "45.00", "provider": "15.00"}
    )
    assert_well()


def test_paid_by_hand_from_a_till(processor, theo):
    make_owed(theo, 60)
    desk = make_desk()
    by_hand(theo, 20, how="cash", credit=accounts.cash(desk.till), desk=desk)
    assert balance_of(accounts.cash(desk.till)) == -2000
    assert_well()


def test_nobody_is_paid_beyond_what_is_payable(processor, theo):
    make_paid(processor, 100)
    make_owed(theo, 60)
    make_transfer(theo, 50)  # On its way: it is spoken for.
    with pytest.raises(NotTransferable, match=r"Theo is owed \$10.00 now. Nothing was paid."):
        by_hand(theo, 11)
    by_hand(theo, 10)
    with pytest.raises(NotTransferable, match=r"\$0.00"):
        by_hand(theo, 1)


def test_two_hands_pay_a_provider_once(committing_db, processor):
    theo = make_merchant_account("Theo")
    make_owed(theo, 60)
    make_desk()
    answers = at_once(*[lambda: by_hand(theo, 60)] * 2, told=(NotTransferable,))
    assert sorted(type(answer).__name__ for answer in answers) == ["NotTransferable", "Transfer"]
    assert balance_of(accounts.provider(theo)) == 0


def test_the_same_form_twice_pays_once(processor, theo):
    make_owed(theo, 60)
    key = uuid.uuid4()
    assert by_hand(theo, 60, uuid=key).pk == by_hand(theo, 60, uuid=key).pk
    assert Entry.objects.filter(kind="settle_up").count() == 1


def test_what_was_paid_by_hand_is_not_taken_back_by_the_processor(processor, theo):
    make_owed(theo, 60)
    paid = by_hand(theo, 60)
    with pytest.raises(NotTransferable, match=r"Only \$0.00"):
        make_taking_back(paid, 1)


def test_after_a_day_a_transfer_is_looked_for_before_it_is_sent_again(processor, theo):
    """Its key is forgotten there by then: the same call would pay a second time."""
    make_paid(processor, 100)
    make_owed(theo, 60)
    transfer = make_transfer(theo, 10)
    processor.fault("/v1/transfers", "lost")
    assert send_transfer(transfer).status == Status.WAITING
    time_passes(60 * 30)
    processor.server.books.database.execute("DELETE FROM keys")
    assert sweep() == []
    assert len(processor.books()["transfers"]) == 1
    assert_books_agree(processor)


def test_after_a_day_what_takes_back_is_looked_for_before_it_is_sent_again(processor, theo):
    make_paid(processor, 100)
    make_owed(theo, 60)
    transfer = send_transfer(make_transfer(theo, 10))
    back = make_taking_back(transfer, 4)
    processor.fault(f"/v1/transfers/{transfer.gateway_id}/reversals", "lost")
    assert send_transfer(back).status == Status.WAITING
    time_passes(60 * 30)
    processor.server.books.database.execute("DELETE FROM keys")
    assert sweep() == []
    assert len(processor.books()["reversals"]) == 1
    assert_books_agree(processor)


def test_without_a_processor_nothing_is_transferred(processor, theo, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(NotConnected, match="Pay it by hand instead"):
        make_transfer(theo)
