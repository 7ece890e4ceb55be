"""Archiving and blocking clients, and the way back from both."""

import datetime as dt
import uuid

import pytest

from clients.archiving import ArchiveRefused, archive_client, restore_client
from clients.blocking import block_client, unblock_client
from clients.errors import Refused
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from clients.models import Client
from clients.searching import find_clients
from clients.standing import hold, why_not_served
from ledger.adjusting import AdjustmentRefused, adjust_balance
from salon.models import SettingChange
from tests.factories import (
    dollars,
    make_appointment,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
)


@pytest.fixture
def desk(db):
    return make_desk("Marcus")


@pytest.fixture
def marcus(db):
    return make_browser("Marcus")


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


def told(client, desk):
    with pytest.raises(ArchiveRefused) as refusal:
        archive_client(client=client, desk=desk)
    return [obstacle.text for obstacle in refusal.value.obstacles]


# --- Archiving ----------------------------------------------------------------------------------


def test_an_archived_client_is_out_of_sight_until_restored(desk, clara):
    archive_client(client=clara, desk=desk)
    archive_client(client=clara, desk=desk)
    assert find_clients("clara", 5) == []
    assert find_clients("clara", 5, archived=True) == [clara]
    restore_client(client=clara, desk=desk)
    assert find_clients("clara", 5) == [clara]
    assert find_clients("clara", 5, archived=True) == []
    changes = SettingChange.objects.order_by("id").values_list("setting", "before", "after")
    assert list(changes) == [("archived", "no", "yes"), ("archived", "yes", "no")]


def test_not_while_there_is_credit_a_debt_or_a_visit(desk, clara):
    visit = make_appointment(clara)
    make_credit(clara, 40, desk=desk)
    make_credit(clara, 30, desk=desk, source="deposit", visit=visit.pk)
    make_debt(clara, 12, desk=desk)
    visit_said, credit, held, owes = told(clara, desk)
    assert visit_said.startswith("A visit is in the book: ")
    assert credit.startswith("$40.00 of account credit is left.")
    assert held.startswith("$30.00 is held for visits.")
    assert owes == "Clara Nuñez owes $12.00. Settle that first."
    clara.refresh_from_db()
    assert not clara.is_archived


def test_the_page_names_what_stands_against_it_before_and_after_pressing(marcus, desk, clara):
    make_credit(clara, 40, desk=desk)
    address = f"/clients/{clara.pk}/archive/"
    page = marcus.get(address).content.decode()
    assert "$40.00 of account credit is left" in page
    assert "Archive Clara Nuñez</button>" not in page
    answer = marcus.post(address)
    assert answer.status_code == 422
    assert "Clara Nuñez was not archived." in answer.content.decode()


def test_archived_by_a_form_and_restored_from_the_page(marcus, clara):
    page = marcus.post(f"/clients/{clara.pk}/archive/", follow=True).content.decode()
    assert "Archived on " in page
    assert marcus.get("/clients/").context["rows"] == []
    listed = marcus.get("/clients/?archived=1").content.decode()
    assert f"/clients/{clara.pk}/" in listed
    assert f"/clients/{clara.pk}/" in marcus.get("/clients/?archived=1&q=cla").content.decode()
    page = marcus.post(f"/clients/{clara.pk}/restore/", follow=True).content.decode()
    assert "Archived on " not in page


def test_an_empty_archive_says_so(marcus, clara):
    assert "Nobody is archived" in marcus.get("/clients/?archived=1").content.decode()
    page = marcus.get("/clients/?archived=1&q=zzz").content.decode()
    assert "Nobody in the archive matches" in page


def test_who_was_merged_is_not_restored_and_not_in_the_archive(desk, marcus, clara):
    twin = make_client("Clara N.", phone="", email="")
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    with pytest.raises(Refused, match="not undone"):
        restore_client(client=twin, desk=desk)
    assert "Clara N." not in marcus.get("/clients/?archived=1").content.decode()
    twin.refresh_from_db()
    assert why_not_served(twin) == "Clara N. was merged into Clara Nuñez. Choose that client."
    assert hold(twin) == clara
    with pytest.raises(AdjustmentRefused, match="was merged into"):
        adjust_balance(
            client=twin, amount=dollars(5), reason="gift", note="", desk=desk, key=uuid.uuid4()
        )


def test_who_is_merged_in_this_moment_gets_no_gift(desk, clara):
    """The page read the client before the merge; the adjustment looks again."""
    twin = make_client("Clara N.", phone="", email="")
    read_before = Client.objects.get(pk=twin.pk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    with pytest.raises(AdjustmentRefused, match="Nothing was changed"):
        adjust_balance(
            client=read_before,
            amount=dollars(5),
            reason="gift",
            note="",
            desk=desk,
            key=uuid.uuid4(),
        )


def test_who_is_archived_in_this_moment_gets_no_gift(desk, clara):
    """The page read the client before; the adjustment looks again."""
    read_before = Client.objects.get(pk=clara.pk)
    archive_client(client=clara, desk=desk)
    with pytest.raises(AdjustmentRefused, match=r"is archived\. .* Nothing was changed"):
        adjust_balance(
            client=read_before,
            amount=dollars(5),
            reason="gift",
            note="",
            desk=desk,
            key=uuid.uuid4(),
        )


def test_restoring_who_was_merged_meanwhile_is_told(desk, marcus, clara, monkeypatch):
    twin = make_client("Clara N.", phone="", email="")
    read_before = Client.objects.get(pk=twin.pk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    monkeypatch.setattr("clients.standing_views.client_or_404", lambda pk: read_before)
    page = marcus.post(f"/clients/{twin.pk}/restore/", follow=True).content.decode()
    assert "was merged into Clara Nuñez, and that is not undone. Nothing was changed." in page


# --- Blocking -----------------------------------------------------------------------------------


def test_a_block_has_a_reason_and_a_name(desk, clara):
    block_client(client=clara, reason="  Three   no-shows ", desk=desk)
    clara.refresh_from_db()
    assert clara.is_blocked
    assert (clara.blocked_reason, clara.blocked_by) == ("Three no-shows", desk.staff)
    unblock_client(client=clara, desk=desk)
    clara.refresh_from_db()
    assert (clara.is_blocked, clara.blocked_reason, clara.blocked_by) == (False, "", None)


def test_another_reason_leaves_who_blocked_and_when(desk, clara):
    block_client(client=clara, reason="Three no-shows", desk=desk)
    later = make_desk("Olivia", at=desk.at + dt.timedelta(hours=1))
    block_client(client=clara, reason="Four no-shows", desk=later)
    clara.refresh_from_db()
    assert clara.blocked_reason == "Four no-shows"
    assert (clara.blocked_by, clara.blocked_at) == (desk.staff, desk.at)
    changed = SettingChange.objects.order_by("id").last()
    assert (changed.staff, changed.after) == (later.staff, "Four no-shows")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 241])
def test_no_block_without_a_reason_that_fits(desk, marcus, clara, reason):
    with pytest.raises(Refused, match="Nobody was blocked"):
        block_client(client=clara, reason=reason, desk=desk)
    answer = marcus.post(f"/clients/{clara.pk}/block/", {"reason": reason})
    assert answer.status_code == 422
    clara.refresh_from_db()
    assert not clara.is_blocked


def test_the_block_stands_on_every_page_that_serves_the_client(marcus, clara):
    make_appointment(clara)
    page = marcus.post(f"/clients/{clara.pk}/block/", {"reason": "Three no-shows"}, follow=True)
    assert "Blocked by Marcus" in page.content.decode()
    assert "Three no-shows" in page.content.decode()
    for address in (
        "/",
        "/clients/",
        "/clients/search/?q=clara",
        f"/visits/new/?client={clara.pk}",
    ):
        assert "Blocked</span>" in marcus.get(address).content.decode(), address
    sale = marcus.post("/sales/new/", {"client": clara.pk}, follow=True).content.decode()
    assert "Blocked</span>" in sale
    page = marcus.post(f"/clients/{clara.pk}/unblock/", follow=True).content.decode()
    assert "Blocked</span>" not in page


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["archive", "restore", "block", "unblock"])
def test_the_front_desk_may_do_none_of_it(clara, page):
    answer = make_browser("Jo").post(f"/clients/{clara.pk}/{page}/", {"reason": "x"})
    assert answer.status_code == 403
    assert "merge, archive and block" in answer.content.decode()


@pytest.mark.parametrize("verb", [archive_client, restore_client, unblock_client])
def test_the_verbs_ask_themselves(clara, verb):
    with pytest.raises(Refused, match="may not merge, archive or block"):
        verb(client=clara, desk=make_desk("Jo"))
    with pytest.raises(Refused, match="may not merge, archive or block"):
        block_client(client=clara, reason="x", desk=make_desk("Jo"))


# --- The list -----------------------------------------------------------------------------------


def test_the_list_is_ordered_by_what_it_shows(marcus, db):
    for name in ("Zoë", "Ava Zimmer", "Ben Adams", "Ádám", "Cher", "ava baker"):
        make_client(name)
    rows = marcus.get("/clients/").context["rows"]
    assert [row["client"].name for row in rows] == [
        "Ádám", "ava baker", "Ava Zimmer", "Ben Adams", "Cher", "Zoë",
    ]  # fmt: skip
