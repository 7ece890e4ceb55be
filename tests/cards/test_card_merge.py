"""Cards of clients who are merged or archived."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.models import Attempt, CardOnFile, CardSaving, ProcessorCustomer
from cards.on_file import customer_of, default_card, forget_removed
from cards.purposes import _purposes
from cards.saving import LINK_LASTS, open_saving
from cards.saving_end import finish_saving
from clients.archiving import ArchiveRefused, archive_client, restore_client
from clients.errors import StaleMerge
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from salon import clock
from tests.cards.on_file_helpers import fresh, make_card, make_open_saving
from tests.cards.test_on_file import kept_there, pay_with
from tests.factories import make_browser, make_client, make_desk
from tests.harness.processor import MASTERCARD

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def twin():
    return make_client("Clara N.")


def proposal(twin, clara, desk):
    return Proposal(Pair(fresh(twin), fresh(clara), desk))


def merge(twin, clara, desk):
    merge_clients(gone=twin, kept=clara, desk=desk, seen=proposal(twin, clara, desk).stamp)


def row(shown):
    return next(
        ((r.gone, r.kept, r.result) for r in shown.rows if r.label == "Cards on file"), None
    )


def cards_of(client):
    return set(CardOnFile.objects.standing().filter(client=client))


# --- Merging --------------------------------------------------------------------------------------


def test_both_clients_cards_are_the_survivors_and_the_default_stays(processor, clara, twin, desk):
    visa = make_card(processor, clara, desk)
    mastercard = make_card(processor, twin, desk, MASTERCARD)
    shown = proposal(twin, clara, desk)
    assert row(shown) == ("1", "1", "2")
    assert "Visa •••• 4242 stays the default card." in shown.notes
    assert any(item.title == "Mastercard •••• 4444" for item in shown.gone_items)

    merge(twin, clara, desk)
    assert cards_of(clara) == {visa, mastercard}
    assert default_card(clara) == visa
    assert not fresh(mastercard).is_default
    assert kept_there(processor) == {visa.method, mastercard.method}


def test_each_card_stays_the_processors_customers_who_gave_it(processor, clara, twin, desk):
    make_card(processor, clara, desk)
    mastercard = make_card(processor, twin, desk, MASTERCARD)
    merge(twin, clara, desk)
    assert fresh(mastercard).customer == mastercard.customer
    assert set(ProcessorCustomer.objects.values_list("client", flat=True)) == {clara.pk}
    assert customer_of(fresh(twin)) == customer_of(clara)
    assert len(processor.books()["customers"]) == 2


def test_the_only_default_comes_along(processor, clara, twin, desk):
    mastercard = make_card(processor, twin, desk, MASTERCARD)
    merge(twin, clara, desk)
    assert default_card(clara) == mastercard


def test_a_card_that_both_gave_is_kept_once(processor, clara, twin, desk):
    kept = make_card(processor, clara, desk)
    double = make_card(processor, twin, desk)
    assert row(proposal(twin, clara, desk)) == ("1", "1", "1")
    merge(twin, clara, desk)
    assert cards_of(clara) == {kept}
    assert fresh(double).removed_by == desk.staff
    assert forget_removed() == 0
    assert kept_there(processor) == {kept.method}


def test_who_is_asked_for_a_card_during_a_merge_gives_it_to_the_survivor(
    processor, clara, twin, desk
):
    saving = make_open_saving(twin, desk)
    merge(twin, clara, desk)
    assert open_saving(saving).url == saving.url
    processor.pay_page(saving.url)
    assert finish_saving(saving).client == clara
    assert fresh(saving).client == clara


def test_what_is_under_way_goes_along(processor, clara, twin, desk):
    attempt = pay_with(make_card(processor, twin, desk), desk)
    merge(twin, clara, desk)
    assert fresh(attempt).client == clara


def test_removed_cards_and_ended_savings_go_along(processor, clara, twin, desk):
    card = make_card(processor, twin, desk)
    CardOnFile.objects.update(removed_at=desk.at, is_default=False)
    merge(twin, clara, desk)
    assert fresh(card).client == clara
    assert not CardSaving.objects.filter(client=twin).exists()


def test_a_card_that_was_added_meanwhile_shows_the_page_anew(processor, clara, twin, desk):
    seen = proposal(twin, clara, desk).stamp
    make_card(processor, twin, desk)
    with pytest.raises(StaleMerge):
        merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    assert cards_of(clara) == set()


def test_clients_without_cards_have_no_line_for_them(clara, twin, desk):
    assert row(proposal(twin, clara, desk)) is None


def test_many_cards_take_no_more_queries(processor, clara, twin, desk):
    make_card(processor, twin, desk)
    with CaptureQueriesContext(
        connection,
    ) as one:
        proposal(twin, clara, desk)
    make_card(processor, twin, desk, MASTERCARD)
    make_card(processor, clara, desk, MASTERCARD)
    with CaptureQueriesContext(connection) as many:
        proposal(twin, clara, desk)
    assert len(many) == len(one)


# --- Archiving ------------------------------------------------------------------------------------


def test_archiving_says_which_cards_go_and_removes_them(processor, clara, desk):
    make_card(processor, clara, desk)
    make_card(processor, clara, desk, MASTERCARD)
    page = make_browser("Marcus").get(f"/clients/{clara.pk}/archive/").content.decode()
    assert "The cards on file are removed for good: Visa •••• 4242, Mastercard •••• 4444." in page

    archive_client(client=clara, desk=desk)
    assert cards_of(clara) == set()
    assert default_card(clara) is None
    assert set(CardOnFile.objects.values_list("removed_by", flat=True)) == {desk.staff.pk}
    assert forget_removed() == 0
    assert kept_there(processor) == set()
    restore_client(client=fresh(clara), desk=desk)
    assert cards_of(clara) == set()


def test_a_client_without_cards_is_archived_without_a_word_about_them(clara, desk):
    page = make_browser("Marcus").get(f"/clients/{clara.pk}/archive/").content.decode()
    assert "removed for good" not in page


def test_a_client_whose_card_is_being_charged_is_not_archived(processor, clara, desk, monkeypatch):
    class Sale:
        def url(self, reference):
            return f"/sales/{reference}/"

    monkeypatch.setitem(_purposes, "test", Sale())
    attempt = pay_with(make_card(processor, clara, desk), desk)
    with pytest.raises(ArchiveRefused) as refusal:
        archive_client(client=clara, desk=desk)
    (obstacle,) = refusal.value.obstacles
    assert obstacle.text.startswith("A card payment of $40.00 is under way.")
    assert obstacle.url == "/sales/1/"
    assert default_card(clara) is not None
    Attempt.objects.filter(pk=attempt.pk).update(status=Attempt.Status.FAILED, ended_at=desk.at)
    archive_client(client=clara, desk=desk)
    assert fresh(clara).is_archived


def test_a_link_does_not_outlive_the_archiving_of_its_client(processor, clara, desk):
    saving = make_open_saving(clara, desk)
    archive_client(client=clara, desk=desk)
    with time_machine.travel(clock.now() + LINK_LASTS, tick=False):
        processor.pay_page(saving.url)
        card = finish_saving(saving)
    assert card.removed_at is not None
    assert kept_there(processor) == set()
