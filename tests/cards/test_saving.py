"""Having a card kept: asked, agreed to, typed, written down. And all that goes wrong between."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import transaction

from cards.errors import NotConnected
from cards.gateway import Unclear
from cards.models import CardOnFile, CardSaving
from cards.on_file import (
    customer_of,
    default_card,
    forget_removed,
    make_default,
    remove_card,
)
from cards.saving import (
    LINK_LASTS,
    PAGE_LASTS,
    NotAnswered,
    SavingOver,
    accept_terms,
    begin_saving,
    is_over,
    open_saving,
)
from cards.saving_end import cancel_saving, finish_saving, settle_savings
from clients.archiving import archive_client
from clients.models import Client
from salon import clock
from salon.errors import Refused
from tests.cards.on_file_helpers import (
    HERE,
    TERMS,
    fresh,
    make_card,
    make_open_saving,
    make_saving,
)
from tests.factories import make_client, make_desk
from tests.harness.at_once import at_once
from tests.harness.processor import ASKS, DECLINED, MASTERCARD

pytestmark = pytest.mark.django_db


@pytest.fixture
def saving(processor, clara, desk):
    """Its page is open."""
    return make_open_saving(clara, desk)


def after(span):
    return time_machine.travel(clock.now() + span, tick=False)


def session(processor, saving):
    (found,) = [s for s in processor.books()["sessions"] if s["id"] == fresh(saving).page_id]
    return found


def kept_there(processor):
    return {method["id"] for method in processor.books()["methods"] if method["customer"]}


# --- The whole way --------------------------------------------------------------------------------


def test_a_card_is_kept_with_what_was_agreed_to_when_and_where(processor, clara, desk):
    saving = make_saving(clara, desk)
    assert (saving.terms, saving.asked_by, saving.consented_at) == (TERMS, desk.staff, None)
    agreed = accept_terms(saving=saving, address="203.0.113.7")
    opened = open_saving(agreed)
    assert finish_saving(opened) is None
    assert processor.pay_page(opened.url) == opened.back_url

    card = finish_saving(opened)
    assert (str(card), card.client, card.is_default) == ("Visa •••• 4242", clara, True)
    assert card.consented_at == agreed.consented_at
    assert card.saving.consented_from == "203.0.113.7"
    assert card.saving.terms == TERMS
    assert card.exp_year > clock.now().year
    assert card.customer.gateway_id == session(processor, saving)["customer"]
    assert fresh(saving).ended_at is not None
    assert kept_there(processor) == {card.method}


def test_finishing_again_writes_nothing_again(processor, saving):
    processor.pay_page(saving.url)
    assert finish_saving(saving) == finish_saving(saving)
    assert CardOnFile.objects.count() == 1


def test_a_card_that_asks_the_client_is_kept_once_confirmed(processor, saving):
    processor.pay_page(saving.url, ASKS, answer="")
    assert finish_saving(saving) is None
    processor.pay_page(saving.url, ASKS)
    assert finish_saving(saving) is not None


def test_a_card_that_is_refused_leaves_the_page_open_for_another(processor, saving):
    processor.pay_page(saving.url, DECLINED)
    assert finish_saving(saving) is None
    assert not is_over(fresh(saving))
    processor.pay_page(saving.url)
    assert finish_saving(saving) is not None


def test_the_same_card_again_takes_the_place_of_the_older_token(processor, clara, desk):
    first = make_card(processor, clara, desk)
    other = make_card(processor, clara, desk, MASTERCARD)
    again = make_card(processor, clara, desk)
    assert set(CardOnFile.objects.standing()) == {other, again}
    assert default_card(clara) == again, "it was the default, and still is"
    assert fresh(first).forgotten_at is not None
    assert kept_there(processor) == {other.method, again.method}


def test_the_same_card_again_leaves_another_default_alone(processor, clara, desk):
    make_card(processor, clara, desk)
    other = make_card(processor, clara, desk, MASTERCARD)
    make_default(card=other, desk=desk)
    make_card(processor, clara, desk)
    assert default_card(clara) == other


def test_a_new_card_is_the_default_once_the_old_one_has_expired(processor, clara, desk):
    old = make_card(processor, clara, desk, exp_month=1, exp_year=2025)
    new = make_card(processor, clara, desk, MASTERCARD)
    assert default_card(clara) == new
    assert not fresh(old).is_default


# --- What does not begin --------------------------------------------------------------------------


def test_a_form_sent_twice_begins_once(processor, clara, desk):
    uuid_ = uuid.uuid4()
    assert make_saving(clara, desk, uuid=uuid_) == make_saving(clara, desk, uuid=uuid_)
    assert CardSaving.objects.count() == 1


def test_a_form_of_another_client_is_refused(processor, clara, desk):
    saving = make_saving(clara, desk)
    with pytest.raises(SavingOver, match="another client"):
        make_saving(make_client("Ben Okafor"), desk, uuid=saving.uuid)


def test_without_a_processor_nobody_is_asked(clara, desk):
    with pytest.raises(NotConnected, match="No card was kept"):
        begin_saving(client=clara, desk=desk, terms=TERMS, uuid=uuid.uuid4(), back_url="")
    assert not CardSaving.objects.exists()


def test_an_archived_client_is_not_asked(processor, clara):
    marcus = make_desk("Marcus")
    archive_client(client=clara, desk=marcus)
    with pytest.raises(Refused, match=r"archived\. Restore the client first\. No card"):
        make_saving(fresh(clara), marcus)


def test_the_page_does_not_open_before_the_terms_are_agreed_to(processor, clara, desk):
    with pytest.raises(Refused, match="not agreed to yet"):
        open_saving(make_saving(clara, desk))
    assert processor.books()["sessions"] == []


def test_the_first_consent_counts(processor, clara, desk):
    first = accept_terms(saving=make_saving(clara, desk), address=HERE)
    again = accept_terms(saving=first, address="198.51.100.9")
    assert (again.consented_at, again.consented_from) == (first.consented_at, HERE)


# --- Answers that do not come ---------------------------------------------------------------------


def test_a_lost_answer_opens_no_second_page(processor, clara, desk):
    agreed = accept_terms(saving=make_saving(clara, desk), address=HERE)
    processor.fault("/v1/checkout/sessions", "lost")
    with pytest.raises(NotAnswered, match=r"No card was kept\. Try again"):
        open_saving(agreed)
    opened = open_saving(agreed)
    assert [page["id"] for page in processor.books()["sessions"]] == [opened.page_id]


def test_a_merge_between_two_tries_changes_nothing_that_is_sent_under_the_key(
    processor, clara, desk
):
    make_card(processor, clara, desk)
    twin = make_client("Clara N.")
    agreed = accept_terms(saving=make_saving(twin, desk), address=HERE)
    processor.fault("/v1/checkout/sessions", "lost")
    with pytest.raises(NotAnswered):
        open_saving(agreed)
    Client.objects.filter(pk=twin.pk).update(merged_into=clara)
    CardSaving.objects.filter(pk=agreed.pk).update(client=clara)
    opened = open_saving(agreed)
    processor.pay_page(opened.url, MASTERCARD)
    assert finish_saving(opened).client == clara


@pytest.mark.parametrize("how", ["close", "500", "429"])
def test_a_processor_that_fails_is_asked_again(processor, saving, how):
    processor.pay_page(saving.url)
    processor.fault("/v1/*", how, method="GET")
    with pytest.raises(Unclear):
        finish_saving(saving)
    assert not fresh(saving).ended_at
    assert finish_saving(saving) is not None


def test_a_wrong_key_ends_nothing(processor, saving, settings):
    processor.pay_page(saving.url)
    right, settings.STRIPE_SECRET_KEY = settings.STRIPE_SECRET_KEY, "not_a_key"
    assert finish_saving(saving) is None
    settings.STRIPE_SECRET_KEY = right
    assert finish_saving(saving) is not None


# --- Ends without a card --------------------------------------------------------------------------


def test_what_is_canceled_keeps_no_card(processor, saving):
    assert cancel_saving(saving) is None
    assert session(processor, saving)["status"] == "expired"
    with pytest.raises(SavingOver):
        open_saving(saving)
    assert finish_saving(saving) is None


def test_a_client_who_was_faster_than_the_cancellation_keeps_the_card(processor, saving):
    processor.pay_page(saving.url)
    assert str(cancel_saving(saving)) == "Visa •••• 4242"
    assert str(cancel_saving(saving)) == "Visa •••• 4242"


def test_a_cancellation_without_an_answer_cancels_nothing_yet(processor, saving):
    with processor.down(), pytest.raises(NotAnswered, match="may still be open"):
        cancel_saving(saving)
    assert not fresh(saving).ended_at
    assert cancel_saving(saving) is None
    assert fresh(saving).ended_at is not None


def test_what_was_canceled_before_the_page_opened_does_not_open_it(processor, clara, desk):
    agreed = accept_terms(saving=make_saving(clara, desk), address=HERE)
    cancel_saving(agreed)
    with pytest.raises(SavingOver):
        open_saving(agreed)
    assert processor.books()["sessions"] == []


def test_after_an_hour_nobody_agrees_any_more(processor, clara, desk):
    saving = make_saving(clara, desk)
    with after(LINK_LASTS), pytest.raises(SavingOver, match="took too long"):
        accept_terms(saving=saving, address=HERE)
    with after(LINK_LASTS - dt.timedelta(seconds=1)):
        accept_terms(saving=saving, address=HERE)


# --- The sweep ------------------------------------------------------------------------------------


def test_the_sweep_finds_a_card_that_nobody_came_back_with(processor, clara, saving):
    processor.pay_page(saving.url)
    assert settle_savings() == 0
    assert default_card(clara) is not None


def test_the_sweep_leaves_a_client_who_is_typing_alone_and_closes_the_page_later(processor, saving):
    assert settle_savings() == 1
    with after(LINK_LASTS):
        assert settle_savings() == 1
    with after(PAGE_LASTS):
        assert settle_savings() == 0
    assert session(processor, saving)["status"] == "expired"


def test_the_sweep_ends_what_nobody_agreed_to(processor, clara, desk):
    make_saving(clara, desk)
    with after(PAGE_LASTS):
        assert settle_savings() == 0
    assert processor.books()["sessions"] == []


def test_the_sweep_tries_again_while_the_processor_is_down(processor, saving):
    processor.pay_page(saving.url)
    with processor.down(), after(PAGE_LASTS):
        assert settle_savings() == 1
    assert settle_savings() == 0
    assert CardOnFile.objects.standing().count() == 1


def test_a_card_of_a_client_who_was_archived_meanwhile_is_forgotten(processor, clara, saving):
    archive_client(client=clara, desk=make_desk("Marcus"))
    processor.pay_page(saving.url)
    assert settle_savings() == 0
    card = CardOnFile.objects.get()
    assert (card.is_default, card.removed_at is None, card.forgotten_at is None) == (
        False,
        False,
        False,
    )
    assert kept_there(processor) == set()


# --- At once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Commits are real, and hands have connections of their own."""

    def test_the_phone_and_the_desk_learn_of_one_card_together(self, processor, clara, desk):
        saving = make_open_saving(clara, desk)
        processor.pay_page(saving.url)
        told = at_once(lambda: finish_saving(saving), lambda: finish_saving(saving))
        assert {str(card) for card in told} == {"Visa •••• 4242"}
        assert CardOnFile.objects.count() == 1

    def test_two_first_cards_have_one_default(self, processor, clara, desk):
        first, second = (make_open_saving(clara, desk) for _ in range(2))
        processor.pay_page(first.url)
        processor.pay_page(second.url, MASTERCARD)
        at_once(lambda: finish_saving(first), lambda: finish_saving(second))
        assert CardOnFile.objects.standing().count() == 2
        assert CardOnFile.objects.filter(is_default=True).count() == 1

    def test_a_client_is_made_at_the_processor_once(self, processor, clara):
        first, second = at_once(lambda: customer_of(clara), lambda: customer_of(clara))
        assert first == second
        assert len(processor.books()["customers"]) == 1

    def test_a_card_is_removed_while_another_is_made_the_default(self, processor, clara, desk):
        visa = make_card(processor, clara, desk)
        other = make_card(processor, clara, desk, MASTERCARD)
        at_once(
            lambda: remove_card(card=visa, desk=desk),
            lambda: make_default(card=other, desk=desk),
        )
        assert default_card(clara) == other
        assert fresh(visa).forgotten_at is not None

    def test_no_call_is_made_inside_a_transaction(self, processor, clara, desk):
        saving = make_open_saving(clara, desk)
        card = make_card(processor, clara, desk)
        for act in (
            lambda: customer_of(clara),
            lambda: open_saving(saving),
            lambda: finish_saving(saving),
            lambda: cancel_saving(saving),
            lambda: remove_card(card=card, desk=desk),
            settle_savings,
            forget_removed,
        ):
            with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
                act()
        assert default_card(clara) == card
