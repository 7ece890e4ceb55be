"""Merging two clients: who stays, what is kept of both, where old addresses lead."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.duplicates import with_same_contacts
from clients.errors import Refused, StaleMerge
from clients.merge_parts import Pair
from clients.merging import MergeRefused, Proposal, merge_clients
from clients.models import Client
from clients.searching import find_clients
from ledger.models import Entry
from salon import clock
from salon.models import SettingChange
from tests.clients.helpers import merge
from tests.factories import (
    make_appointment,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_well


@pytest.fixture
def desk(db):
    return make_desk("Marcus")


@pytest.fixture
def marcus(db):
    return make_browser("Marcus")


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


@pytest.fixture
def twin(db):
    return make_client("Clara N.", phone="+19175550133", email="cn@example.org")


def obstacles(gone, kept, desk):
    with pytest.raises(MergeRefused) as refusal:
        merge(gone, kept, desk)
    return str(refusal.value)


def address(kept, gone, keep=None):
    """The page of `kept` that shows both; `keep` says who stays."""
    extra = f"&keep={keep.pk}" if keep else ""
    return f"/clients/{kept.pk}/merge/?other={gone.pk}{extra}"


def seen_on(page):
    return page.context["form"]["seen"].value()


# --- What is kept of both -----------------------------------------------------------------------


def test_the_one_stays_the_other_is_archived_and_points_to_it(desk, clara, twin):
    merge(twin, clara, desk)
    assert (twin.merged_into, twin.archived_at) == (clara, desk.at)
    assert (clara.name, str(clara.phone), clara.email) == (
        "Clara Nuñez",
        "(212) 555-0142",
        "clara@example.com",
    )
    change = SettingChange.objects.get()
    assert (change.subject, change.setting, change.staff) == (
        "Client: Clara N.",
        "merged into",
        desk.staff,
    )


def test_what_is_missing_is_filled_and_the_longer_history_counts(desk, clara, twin):
    Client.objects.filter(pk=clara.pk).update(phone="", email="")
    Client.objects.filter(pk=twin.pk).update(created_at=clock.now() - dt.timedelta(days=900))
    clara.refresh_from_db()
    twin.refresh_from_db()
    merge(twin, clara, desk)
    assert (str(clara.phone), clara.email) == ("(917) 555-0133", "cn@example.org")
    assert clara.created_at == twin.created_at


def test_where_both_have_one_it_is_chosen(desk, clara, twin):
    merge(twin, clara, desk, phone="gone", name="gone")
    assert clara.name == "Clara N."
    assert str(clara.phone) == "(917) 555-0133"
    assert clara.email == "clara@example.com"


def test_a_choice_that_nobody_was_given_changes_nothing(desk, clara, twin):
    Client.objects.filter(pk=twin.pk).update(email="")
    twin.refresh_from_db()
    merge(twin, clara, desk, email="gone", note="gone", archived_at="gone")
    assert clara.email == "clara@example.com"
    assert not clara.is_archived


def test_no_note_is_lost(desk, clara, twin):
    clara.note, twin.note = "Coffee, black", "Allergic to ammonia"
    clara.save()
    twin.save()
    merge(twin, clara, desk)
    assert clara.note == "Coffee, black\n\nAllergic to ammonia"


def test_who_was_blocked_stays_blocked(desk, clara, twin):
    twin.blocked_at, twin.blocked_by, twin.blocked_reason = desk.at, desk.staff, "Three no-shows"
    twin.save()
    merge(twin, clara, desk)
    assert (clara.is_blocked, clara.blocked_reason) == (True, "Three no-shows")


def test_visits_move(desk, clara, twin):
    visit = make_appointment(twin)
    merge(twin, clara, desk)
    visit.refresh_from_db()
    assert visit.client == clara


def test_nothing_but_the_ledger_keeps_pointing_to_who_was_merged(desk, clara, twin):
    """Every relation to a client is either moved or meant to stay; a new one has to decide."""
    stays = {"ledger_accounts", "merged_from"}
    make_appointment(twin)
    make_credit(twin, 20, desk=desk)
    merge(twin, clara, desk)
    for relation in Client._meta.related_objects:
        name = relation.get_accessor_name()
        if name in stays:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: twin})
        assert not rows.exists(), relation


# --- Chains and refusals -----------------------------------------------------------------------


def test_a_chain_points_to_its_end(desk, clara, twin):
    ben = make_client("Ben Okafor")
    merge(twin, clara, desk)
    merge(clara, ben, desk)
    twin.refresh_from_db()
    assert twin.merged_into == clara.merged_into == ben
    assert (twin.survivor, ben.survivor) == (ben, ben)
    assert_well()


def test_a_client_is_not_merged_into_itself(desk, clara):
    assert "into itself" in obstacles(clara, clara, desk)


def test_an_archived_client_is_not_merged_and_takes_nobody(desk, clara, twin):
    Client.objects.filter(pk=clara.pk).update(archived_at=desk.at)
    clara.refresh_from_db()
    assert "Clara Nuñez is archived" in obstacles(twin, clara, desk)
    assert "Clara Nuñez is archived" in obstacles(clara, twin, desk)


def test_who_was_merged_is_not_merged_again(desk, clara, twin):
    ben = make_client("Ben Okafor")
    merge(twin, clara, desk)
    assert "was merged into Clara Nuñez already" in obstacles(twin, ben, desk)
    assert "was merged into Clara Nuñez already" in obstacles(ben, twin, desk)


def test_the_same_form_twice_merges_once(desk, clara, twin):
    make_credit(twin, 20, desk=desk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    for _ in range(2):
        kept = merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
        assert kept == clara
    assert Entry.objects.filter(kind="merge").count() == 1


@pytest.mark.parametrize("what", ["name", "visit", "note"])
def test_a_change_since_it_was_shown_is_told(desk, clara, twin, what):
    seen = Proposal(Pair(twin, clara, desk)).stamp
    if what == "visit":
        make_appointment(twin)
    else:
        Client.objects.filter(pk=twin.pk).update(**{"note" if what == "note" else "phone": "x"})
    with pytest.raises(StaleMerge):
        merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)


def test_without_the_permission_nothing_is_merged(clara, twin):
    jo = make_desk("Jo")
    seen = Proposal(Pair(twin, clara, jo)).stamp
    with pytest.raises(Refused, match="may not merge"):
        merge_clients(gone=twin, kept=clara, desk=jo, seen=seen)


# --- Finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0133", "917 555 0133", "cn@example", "clara n.", "clara nun"])
def test_who_stays_is_found_by_the_old_name_phone_and_e_mail(desk, clara, twin, typed):
    merge(twin, clara, desk)
    assert find_clients(typed, 10) == [clara]


def test_a_search_says_whose_old_number_it_was(desk, clara, twin, marcus):
    merge(twin, clara, desk)
    page = marcus.get("/clients/search/?q=0133").content.decode()
    assert "Clara Nuñez" in page
    assert "Also Clara N., (917) 555-0133" in page


def test_a_new_client_with_the_old_number_is_told_of_who_stays(desk, clara, twin):
    merge(twin, clara, desk)
    stranger = Client(phone=twin.phone)
    assert list(with_same_contacts(stranger)) == [clara]
    assert list(with_same_contacts(clara)) == []


# --- Addresses ----------------------------------------------------------------------------------

PAGES = ["", "edit/", "payment-methods/", "history/", "sales/", "adjust/", "visits/", "balance/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_old_address_leads_to_who_stays(marcus, desk, clara, twin, page):
    merge(twin, clara, desk)
    answer = marcus.get(f"/clients/{twin.pk}/{page}?x=1")
    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{clara.pk}/{page}?x=1")


def test_the_page_says_who_was_merged_when(marcus, desk, clara, twin):
    merge(twin, clara, desk)
    page = marcus.get(f"/clients/{twin.pk}/", follow=True).content.decode()
    assert "Clara N. was merged into Clara Nuñez on " in page


def test_a_slot_follows_without_a_word(marcus, desk, clara, twin):
    merge(twin, clara, desk)
    answer = marcus.get(f"/clients/{twin.pk}/balance/", headers={"HX-Request": "true"}, follow=True)
    assert answer.status_code == 200
    assert "was merged" not in marcus.get(f"/clients/{clara.pk}/").content.decode()


@pytest.mark.parametrize("page", ["edit/", "adjust/", "archive/", "block/", "restore/"])
def test_a_form_sent_to_an_old_address_does_nothing(marcus, desk, clara, twin, page):
    merge(twin, clara, desk)
    before = Client.objects.filter(pk__in=[clara.pk, twin.pk]).values()
    before = list(before)
    answer = marcus.post(
        f"/clients/{twin.pk}/{page}", {"first_name": "X", "reason": "gift"}, follow=True
    )
    assert answer.redirect_chain == [(f"/clients/{clara.pk}/", 302)]
    assert "Nothing was done" in answer.content.decode()
    assert list(Client.objects.filter(pk__in=[clara.pk, twin.pk]).values()) == before


def test_an_old_history_stays_readable(marcus, desk, clara, twin):
    make_credit(twin, 20, desk=desk)
    merge(twin, clara, desk)
    page = marcus.get(f"/clients/{clara.pk}/history/").content.decode()
    assert "Clients merged" in page
    assert "From Clara N., who was merged into Clara Nuñez" in page
    link = f"/clients/{clara.pk}/history/until-merge/{twin.pk}/"
    assert link in page
    old = marcus.get(link).content.decode()
    assert "History of Clara N. until the merge" in old
    assert "Opening balance" in old
    entry = Entry.objects.get(kind="opening")
    shown = marcus.get(f"/clients/{twin.pk}/history/{entry.pk}/", follow=True).content.decode()
    assert "Clara N.’s, until the merge" in shown


def test_payment_methods_say_from_whom_a_lot_came(marcus, desk, clara, twin):
    make_credit(twin, 20, desk=desk)
    merge(twin, clara, desk)
    page = marcus.get(f"/clients/{clara.pk}/payment-methods/").content.decode()
    assert "Purchase" in page
    assert "From Clara N." in page


@pytest.mark.parametrize("pk", ["999999", "{ben}"])
def test_a_history_of_who_was_not_merged_here_is_a_404(marcus, desk, clara, twin, pk):
    merge(twin, clara, desk)
    pk = pk.format(ben=make_client("Ben Okafor").pk)
    assert marcus.get(f"/clients/{clara.pk}/history/until-merge/{pk}/").status_code == 404


# --- The page -----------------------------------------------------------------------------------


def test_both_and_the_result_are_shown_and_the_button_repeats_it(marcus, desk, clara, twin):
    make_credit(clara, 40, desk=desk)
    make_credit(twin, 15, desk=desk)
    make_credit(twin, 30, desk=desk, source="deposit", visit=make_appointment(twin).pk)
    page = marcus.get(address(clara, twin)).content.decode()
    assert "Merge Clara N. into Clara Nuñez?" in page
    assert "This can’t be undone" in page
    assert "Merge into Clara Nuñez: $55.00 credit, $30.00 held" in page


def test_the_form_merges_and_says_so(marcus, desk, clara, twin):
    make_credit(twin, 15, desk=desk)
    page = marcus.get(address(clara, twin))
    sent = {"seen": seen_on(page), "name": "kept", "phone": "gone", "email": "kept"}
    answer = marcus.post(address(clara, twin), sent, follow=True)
    assert answer.redirect_chain == [(f"/clients/{clara.pk}/", 302)]
    assert "Clara N. was merged into Clara Nuñez: $15.00 credit." in answer.content.decode()
    clara.refresh_from_db()
    assert str(clara.phone) == "(917) 555-0133"
    again = marcus.post(address(clara, twin), sent, follow=True)
    assert again.redirect_chain == [(f"/clients/{clara.pk}/", 302)]
    assert "was merged into" in again.content.decode()


def test_the_other_can_be_the_one_who_stays(marcus, clara, twin):
    page = marcus.get(address(clara, twin, keep=twin))
    assert "Merge Clara Nuñez into Clara N.?" in page.content.decode()
    sent = {"seen": seen_on(page), "name": "kept", "phone": "kept", "email": "kept"}
    marcus.post(address(clara, twin, keep=twin), sent)
    clara.refresh_from_db()
    assert clara.merged_into == twin
    again = marcus.post(address(clara, twin, keep=twin), sent)
    assert again["Location"] == f"/clients/{twin.pk}/"


def test_a_stale_page_is_told_shown_anew_and_keeps_what_was_chosen(marcus, desk, clara, twin):
    page = marcus.get(address(clara, twin))
    make_credit(twin, 15, desk=desk)
    sent = {"seen": seen_on(page), "name": "kept", "phone": "gone", "email": "kept"}
    answer = marcus.post(address(clara, twin), sent)
    assert answer.status_code == 409
    assert "Nothing was merged" in answer.content.decode()
    assert "Merge into Clara Nuñez: $15.00 credit" in answer.content.decode()
    assert answer.context["form"]["phone"].value() == "gone"
    done = marcus.post(address(clara, twin), {**sent, "seen": seen_on(answer)})
    assert done["Location"] == f"/clients/{clara.pk}/"


@pytest.mark.parametrize(
    "sent", [{}, {"seen": "x"}, {"name": "both"}, {"name": "kept", "phone": "", "email": "kept"}]
)
def test_a_form_that_is_not_ours_merges_nobody(marcus, clara, twin, sent):
    answer = marcus.post(address(clara, twin), sent)
    assert answer.status_code in (409, 422)
    twin.refresh_from_db()
    assert not twin.is_archived


@pytest.mark.parametrize("other", ["", "x", "999999", "-1", "9" * 30])
def test_without_the_other_one_somebody_is_chosen_first(marcus, clara, twin, other):
    Client.objects.filter(pk=twin.pk).update(phone=clara.phone)
    page = marcus.get(f"/clients/{clara.pk}/merge/?other={other}").content.decode()
    assert "Who else is Clara Nuñez?" in page
    assert "Same phone or e-mail" in page
    assert "Clara N." in page


def test_itself_as_the_other_one_is_told_why_not(marcus, clara):
    page = marcus.get(address(clara, clara)).content.decode()
    assert "cannot be merged into itself" in page
    answer = marcus.post(address(clara, clara), {"seen": "x"})
    assert answer.status_code == 422


def test_the_clients_page_asks_whether_look_alikes_are_one(marcus, clara, twin):
    assert "Compare with" not in marcus.get(f"/clients/{clara.pk}/").content.decode()
    Client.objects.filter(pk=twin.pk).update(phone=clara.phone)
    page = marcus.get(f"/clients/{clara.pk}/").content.decode()
    assert f"/clients/{clara.pk}/merge/?other={twin.pk}" in page
    jo = make_browser("Jo").get(f"/clients/{clara.pk}/").content.decode()
    assert "Compare with" not in jo
    assert "Merge…" not in jo


@pytest.mark.parametrize("missing", ["merge_clients", "view_balances"])
def test_it_needs_to_merge_and_to_see_balances(clara, twin, missing):
    role = make_role("Manager")
    role.permissions.remove(*role.permissions.filter(codename=missing))
    browser = make_browser(make_staff("Marcus"))
    assert browser.get(address(clara, twin)).status_code == 403
    assert browser.post(address(clara, twin), {"seen": "x"}).status_code == 403


def test_the_page_costs_the_same_for_little_and_for_much(marcus, desk, clara, twin):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert marcus.get(address(clara, twin)).status_code == 200
        return len(captured)

    make_credit(twin, 5, desk=desk)
    cost()
    few = cost()
    for _ in range(20):
        make_credit(clara, 5, desk=desk)
        make_credit(twin, 5, desk=desk)
    for day in range(10):
        make_appointment(twin, starts_at=clock.now() + dt.timedelta(days=day + 1))
    make_debt(clara, 5, desk=desk)
    assert cost() == few == 24
