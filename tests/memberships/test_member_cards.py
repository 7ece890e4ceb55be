"""The card that a membership is charged to: chosen at the desk, or typed by the client online."""

import pytest

from cards.models import CardSaving
from cards.on_file import remove_card
from cards.saving import open_saving
from memberships.changing.canceling import cancel
from memberships.changing.cards import ask_for_card, choose_card, finish_card, finish_due
from memberships.errors import Refused
from memberships.models import CardChange, Membership
from memberships.renewing.charging import retry
from tests.cards.paying import sweep
from tests.checkout.charges.helpers import charged
from tests.factories import make_client, make_desk
from tests.harness.processor import DECLINED_LATER, MASTERCARD
from tests.ledger.books import assert_well
from tests.memberships.members import make_card, period_of
from tests.memberships.renewing import day, fresh, kinds, make_payer, on, renewed, text_of

pytestmark = pytest.mark.django_db

BACK = "https://salon.example/membership/abc/"


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15, on a Visa."""
    return make_payer(processor)


def asked(membership: Membership) -> CardSaving:
    """The client agreed on their own page."""
    return ask_for_card(
        membership=membership, back_url=BACK, address="203.0.113.7", device="A phone"
    )


def typed(processor, membership: Membership, number: str = MASTERCARD) -> CardChange:
    """And typed a card on the processor's page; nobody has seen it yet."""
    saving = open_saving(asked(membership))
    processor.pay_page(saving.url, number)
    return CardChange.objects.get(saving=saving.uuid)


# --- At the desk --------------------------------------------------------------------------------


def test_another_card_of_theirs_is_charged_from_now_on(processor, payer):
    with on("2027-01-20"):
        card = make_card(payer.client, processor, MASTERCARD)
        row = choose_card(membership=payer, card=card, desk=make_desk("Jo"))
    assert row.card == card
    assert text_of(payer, "card") == "Charged to Mastercard •••• 4444 from now on."
    renewed("2027-02-15")
    assert period_of(payer, 1).order.tenders.get().reference == "Mastercard •••• 4444"


def test_the_same_card_again_changes_nothing(payer):
    with on("2027-01-20"):
        choose_card(membership=payer, card=payer.card, desk=make_desk("Jo"))
    assert "card" not in kinds(payer)


def test_no_card_that_could_not_pay_is_taken(processor, payer):
    with on("2027-01-20"):
        desk = make_desk("Jo")
        foreign = make_card(make_client("Ben Okafor"), processor)
        expired = make_card(payer.client, last4="1111", exp_year=2026)
        removed = make_card(payer.client, processor, MASTERCARD)
        remove_card(card=removed, desk=desk)
        said = {
            foreign: "is not a card of Clara Nuñez’s. Nothing was changed.",
            expired: "has expired. Nothing was changed.",
            removed: "was removed.",
        }
        for card, why in said.items():
            with pytest.raises(Refused, match=why.replace(".", r"\.")):
                choose_card(membership=payer, card=card, desk=desk)
        with pytest.raises(Refused, match="Your role may not change the card of a membership"):
            choose_card(membership=payer, card=payer.card, desk=make_desk("Maya"))
    assert fresh(payer).card == payer.card


def test_once_it_has_ended_no_card_is_chosen_nor_asked_for(processor, payer):
    with on("2027-01-20"):
        desk = make_desk("Olivia")
        cancel(membership=payer, at_once=True, reason="", desk=desk)
        with pytest.raises(Refused, match=r"ended on Jan 20, 2027. Nothing was changed."):
            choose_card(membership=payer, card=payer.card, desk=desk)
        with pytest.raises(Refused, match=r"ended on Jan 20, 2027. No card was kept."):
            asked(payer)


# --- Online -------------------------------------------------------------------------------------


def test_a_client_types_another_card_and_that_is_charged(processor, payer):
    with on("2027-01-20"):
        change = typed(processor, payer)
        assert fresh(payer).card == payer.card
        row = finish_card(change)
    assert str(row.card) == "Mastercard •••• 4444"
    change = fresh(change)
    assert (change.card, change.device) == (row.card, "A phone")
    saving = CardSaving.objects.get(uuid=change.saving)
    assert (saving.consented_from, saving.terms.startswith("I allow my card")) == (
        "203.0.113.7",
        True,
    )
    finish_card(change)
    assert kinds(payer).count("card") == 1
    renewed("2027-02-15")
    assert charged(processor) == [10000]


def test_asked_twice_it_is_the_same_page(processor, payer):
    with on("2027-01-20"):
        assert asked(payer) == asked(payer)
    assert CardChange.objects.count() == 1


def test_nobody_came_back_and_the_job_finds_the_card(processor, payer):
    with on("2027-01-20"):
        change = typed(processor, payer)
        assert finish_due() == 1
        assert finish_due() == 0
    assert fresh(payer).card == fresh(change).card


def test_the_job_charges_what_is_owed_to_the_new_card(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with on("2027-02-16"):
        typed(processor, payer)
        assert finish_due() == 1
    row = fresh(payer)
    assert (row.status, row.next_charge_on) == ("active", day("2027-03-15"))
    assert charged(processor) == [10000]
    assert_well()


def test_a_page_that_was_left_comes_to_nothing(processor, payer):
    with on("2027-01-20"):
        open_saving(asked(payer))
        assert finish_due() == 0
    with on("2027-01-22"):
        sweep()
        assert finish_due() == 0
        change = CardChange.objects.get()
        assert (change.card, change.done_at is not None) == (None, True)
        assert asked(payer).uuid != change.saving
    assert fresh(payer).card == payer.card


def test_without_an_answer_it_waits(processor, payer):
    with on("2027-01-20"):
        change = typed(processor, payer)
        with processor.down():
            assert finish_due() == 0
        assert fresh(change).done_at is None
        assert finish_due() == 1


def test_a_card_that_comes_after_the_end_is_charged_for_nothing(processor, payer):
    with on("2027-01-20"):
        change = typed(processor, payer)
        cancel(membership=payer, at_once=True, reason="", desk=make_desk("Olivia"))
        row = finish_card(change)
    assert (row.card, fresh(change).done_at is None) == (payer.card, False)


def test_a_retry_after_another_card_pays(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with on("2027-02-16"):
        finish_card(typed(processor, payer))
        assert retry(period=period_of(payer, 1), desk=make_desk("Jo")).status == "paid"
    assert charged(processor) == [10000]
