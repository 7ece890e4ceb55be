"""A client's money at the desk: Payment Methods, History, one entry, Adjust balance."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from ledger import causes
from ledger.adjusting import adjust_balance
from ledger.balances import balance_of
from ledger.kinds import Restriction, Source
from ledger.models import Entry
from ledger.reversing import reverse
from salon import clock
from salon.models import BusinessSettings, Location
from tests.factories import (
    dollars,
    make_appointment,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
    make_role,
    make_staff,
)

HTMX = {"HX-Request": "true", "HX-Target": "sheet"}


@pytest.fixture
def clara(db):
    return make_client()


@pytest.fixture
def jo(db):
    return make_browser("Jo")


@pytest.fixture
def marcus(db):
    return make_browser("Marcus")


def total(client):
    return balance_of(client, make_desk().business_date).total


def page(browser, client, name="payment-methods", query=""):
    return browser.get(f"/clients/{client.pk}/{name}/{query}").content.decode()


def switch_off():
    BusinessSettings.objects.update(client_account_balances=False)


# --- Payment Methods --------------------------------------------------------------------------


def test_available_is_large_and_held_and_owes_beside_it(jo, clara):
    make_credit(clara, 100)
    make_credit(clara, 30, source=Source.DEPOSIT, visit=make_appointment(clara).pk)
    make_debt(clara, 12)
    shown = page(jo, clara)
    assert 'amount-hero amount-credit">$100.00' in shown
    assert 'amount-held">$30.00' in shown
    assert 'amount-owes">$12.00' in shown
    assert "$118.00 credit" in shown


def test_the_bar_is_parted_by_source_and_named(jo, clara):
    make_credit(clara, 75)
    make_credit(clara, 25, source=Source.GOODWILL)
    wallet = jo.get(f"/clients/{clara.pk}/payment-methods/").context["wallet"]
    assert [(part.label, part.amount, part.x, part.width) for part in wallet.parts] == [
        ("Purchase", "$75.00", 0, 75),
        ("Goodwill", "$25.00", 75, 25),
    ]


def test_a_lot_says_where_it_is_from_what_is_left_until_when_and_what_for(jo, clara):
    desk = make_desk()
    make_credit(
        clara,
        40,
        source=Source.GOODWILL,
        restriction=Restriction.SERVICES,
        expires_on=desk.business_date + dt.timedelta(days=400),
    )
    adjust_balance(
        client=clara,
        amount=dollars(-15),
        reason="correction",
        note="",
        desk=make_desk("Marcus"),
        key=uuid.uuid4(),
    )
    shown = page(jo, clara)
    for text in ("Goodwill", "Services only", "$25.00", "of $40.00", 'width="62.5"', "Jo", "20"):
        assert text in shown


def test_an_expired_lot_is_shown_and_not_available(jo, clara):
    yesterday = make_desk().business_date - dt.timedelta(days=1)
    make_credit(clara, 40, expires_on=yesterday)
    shown = page(jo, clara)
    assert ", over" in shown
    assert 'amount-hero">$0.00' in shown


def test_a_held_lot_names_its_visit(jo, clara):
    visit = make_appointment(clara, starts_at=dt.datetime(2030, 5, 7, 19, 15, tzinfo=dt.UTC))
    make_credit(clara, 30, source=Source.DEPOSIT, visit=visit.pk)
    assert "Tue, May 7, 2030, 3:15 pm" in page(jo, clara)


def test_who_has_nothing_is_told_how_to_begin(jo, clara):
    shown = page(jo, clara)
    assert "has no account credit" in shown
    assert "Add to balance" in shown


def test_adjust_balance_is_offered_to_who_may(jo, marcus, clara):
    assert "Adjust balance" not in page(jo, clara)
    assert "Adjust balance" in page(marcus, clara)


def test_an_archived_client_gets_no_new_credit(marcus, clara):
    clara.archived_at = clock.now()
    clara.save()
    shown = page(marcus, clara)
    assert "Add to balance" not in shown
    assert "Adjust balance" not in shown


def test_switched_off_the_page_says_that_balances_are_kept(marcus, clara):
    make_credit(clara, 40)
    switch_off()
    shown = page(marcus, clara)
    assert "switched off" in shown
    assert "balance is kept" in shown
    for text in ("$40.00", "Add to balance", "Adjust balance"):
        assert text not in shown
    assert "$40.00" not in page(marcus, clara, "balance")


def test_a_location_may_say_otherwise(marcus, clara):
    make_credit(clara, 40)
    switch_off()
    Location.objects.update(client_account_balances=True)
    assert "$40.00" in page(marcus, clara)


def test_a_hundred_lots_and_more_are_cut(jo, clara):
    for _ in range(103):
        make_credit(clara, 1)
    context = jo.get(f"/clients/{clara.pk}/payment-methods/").context
    assert len(context["wallet"].lots) == 100
    assert context["wallet"].hidden
    assert context["wallet"].balance.available == dollars(103)


@pytest.mark.parametrize("name", ["payment-methods", "history", "balance"])
def test_balances_need_a_permission(clara, name):
    viewer = make_browser(make_staff("Maya", role=make_role("Stylist")))
    response = viewer.get(f"/clients/{clara.pk}/{name}/")
    assert response.status_code == 403
    assert "Can see client account balances" in response.content.decode()


@pytest.mark.parametrize("name", ["payment-methods", "history", "balance", "adjust"])
def test_nobody_s_page_is_a_404(marcus, name):
    assert marcus.get(f"/clients/999999/{name}/").status_code == 404


# --- What pages cost --------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "queries"), [("payment-methods", 13), ("history", 15)])
def test_a_page_costs_the_same_after_one_posting_and_after_many(jo, clara, name, queries):
    make_credit(clara, 5)
    page(jo, clara, name)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            page(jo, clara, name)
        return len(captured)

    assert cost() == queries
    for _ in range(60):
        make_credit(clara, 5)
    assert cost() == queries


# --- History ----------------------------------------------------------------------------------


@pytest.fixture
def past(clara):
    desk = make_desk("Marcus")
    make_credit(clara, 40, desk=desk)
    for amount in (5, -15):
        adjust_balance(
            client=clara,
            amount=dollars(amount),
            reason="reward",
            note="Five stars",
            desk=desk,
            key=uuid.uuid4(),
        )


def test_the_statement_runs_in_words_and_never_in_bare_signs(jo, clara, past):
    make_debt(clara, 100)
    shown = page(jo, clara, "history")
    for text in ("Added by hand", "Reward · Five stars", "$30.00 credit", "owes $70.00", "Marcus"):
        assert text in shown
    assert "-$" not in shown
    assert "−$" not in shown


def test_the_statement_has_pages(jo, clara):
    for number in range(1, 31):
        make_credit(clara, number)
    first = jo.get(f"/clients/{clara.pk}/history/")
    assert [row.amount.amount for row in first.context["rows"]] == list(range(30, 5, -1))
    older = jo.get(f"/clients/{clara.pk}/history/{first.context['older_url']}")
    assert [row.amount.amount for row in older.context["rows"]] == [5, 4, 3, 2, 1]
    assert older.context["older_url"] == ""


def test_the_filter_stays_on_the_next_page(jo, clara):
    for number in range(30):
        make_credit(clara, 1 + number)
    first = jo.get(f"/clients/{clara.pk}/history/?kind=other&start=2020-01-01")
    assert "kind=other" in first.context["older_url"]
    assert "start=2020-01-01" in first.context["older_url"]


def test_the_statement_is_filtered(jo, clara, past):
    rows = jo.get(f"/clients/{clara.pk}/history/?kind=adjustments").context["rows"]
    assert [row.amount.amount for row in rows] == [-15, 5]
    assert jo.get(f"/clients/{clara.pk}/history/?end=2020-01-01").context["rows"] == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?start=yesterday", "Enter a day like"),
        ("?start=2026-11-24&end=2026-11-23", "This day is before the first one."),
        ("?kind=nonsense", "There is no such kind: everything is shown."),
    ],
)
def test_a_filter_that_makes_no_sense_is_said(jo, clara, past, query, said):
    assert said in page(jo, clara, "history", query)


@pytest.mark.parametrize("before", ["x", "1.2.3", "-1.0", "9.9.9", "1." + "9" * 40, "%00"])
def test_a_forged_page_starts_at_the_newest(jo, clara, past, before):
    response = jo.get(f"/clients/{clara.pk}/history/?before={before}")
    assert len(response.context["rows"]) == 3


def test_what_was_undone_says_so_on_both_rows(jo, clara):
    desk = make_desk("Marcus")
    posted = adjust_balance(
        client=clara, amount=dollars(5), reason="gift", note="", desk=desk, key=uuid.uuid4()
    )
    reverse(entry=Entry.objects.get(pk=posted.entry_id), desk=desk)
    shown = page(jo, clara, "history")
    assert "Undone: adjustment" in shown
    assert 'chip">Undone' in shown


def test_a_row_opens_its_entry_and_the_entry_says_who_and_why(jo, clara, past):
    url = jo.get(f"/clients/{clara.pk}/history/").context["rows"][0].url
    shown = jo.get(url).content.decode()
    for text in ("Taken away by hand", "Marcus", "Midtown", "Reward", "Five stars", "drawn"):
        assert text in shown


def test_the_entry_of_another_client_is_not_shown(jo, clara, past):
    ben = make_client("Ben Okafor")
    entry = Entry.objects.order_by("id").first()
    assert jo.get(f"/clients/{ben.pk}/history/{entry.pk}/").status_code == 404
    assert jo.get(f"/clients/{clara.pk}/history/999999999/").status_code == 404


def test_an_entry_of_two_lots_of_who_was_merged_is_shown(jo, clara):
    desk = make_desk("Marcus")
    twin = make_client("Clara N.", phone="", email="")
    make_credit(twin, 10, desk=desk)
    make_credit(twin, 20, desk=desk)
    taken = adjust_balance(
        client=twin, amount=dollars(-25), reason="other", note="", desk=desk, key=uuid.uuid4()
    )
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    response = jo.get(f"/clients/{clara.pk}/history/{taken.entry_id}/")
    assert response.status_code == 200
    assert len(response.context["shown"].legs) == 2
    assert response.context["whose"] == twin


def test_a_row_with_a_known_cause_opens_that(jo, clara, monkeypatch):
    monkeypatch.setattr(causes, "_known", {})
    causes.add(
        "client",
        url_of=lambda cause_id: f"/clients/{cause_id}/" if cause_id.isdigit() else None,
        names_of=lambda ids: {cause_id: f"Client no. {cause_id}" for cause_id in ids},
    )
    adjust_balance(
        client=clara,
        amount=dollars(5),
        reason="gift",
        note="",
        desk=make_desk("Marcus"),
        key=uuid.uuid4(),
    )
    row = jo.get(f"/clients/{clara.pk}/history/").context["rows"][0]
    assert f"Client no. {clara.pk}" in row.detail
    assert jo.get(row.url).headers["Location"] == f"/clients/{clara.pk}/"


@pytest.mark.parametrize("address", ["/go/order/nothing/", "/go/client/x/", "/go/moon/1/"])
def test_a_cause_without_a_page_is_a_404(jo, address):
    assert jo.get(address).status_code == 404


# --- Adjust balance ---------------------------------------------------------------------------


def form(amount="25", direction="add", reason="reward", note="", key=None):
    return {
        "amount": amount,
        "direction": direction,
        "reason": reason,
        "note": note,
        "key": key or uuid.uuid4(),
    }


def adjust(browser, client, data, **extra):
    return browser.post(f"/clients/{client.pk}/adjust/", data, **extra)


def test_a_reward_is_added_and_said(marcus, clara):
    response = adjust(marcus, clara, form("25"), follow=True)
    assert response.redirect_chain[-1][0] == f"/clients/{clara.pk}/payment-methods/"
    assert "$25.00 was added to Clara Nuñez’s balance. It is now $25.00 credit." in (
        response.content.decode()
    )
    entry = Entry.objects.get()
    assert (entry.kind, entry.reason, entry.staff.name) == ("adjustment", "reward", "Marcus")


def test_the_way_back_is_offered(marcus, clara):
    shown = adjust(marcus, clara, form("25"), follow=True).content.decode()
    assert "Take it away again" in shown
    assert "?direction=take&amp;amount=25&amp;reason=correction" in shown


def test_a_name_in_the_message_is_escaped(marcus):
    client = make_client("<b>Bold</b> Nuñez")
    shown = adjust(marcus, client, form("25"), follow=True).content.decode()
    assert "<b>Bold</b>" not in shown


def test_credit_is_taken_away(marcus, clara):
    make_credit(clara, 40)
    adjust(marcus, clara, form("15", "take", "correction"))
    assert total(clara) == dollars(25)


def test_the_form_sent_twice_adjusts_once(marcus, clara):
    data = form("25")
    first, second = (adjust(marcus, clara, data) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert total(clara) == dollars(25)


def test_the_same_form_with_another_amount_is_refused(marcus, clara):
    key = uuid.uuid4()
    adjust(marcus, clara, form("25", key=key))
    response = adjust(marcus, clara, form("26", key=key))
    assert response.status_code == 422
    assert "sent before with other figures" in response.content.decode()
    assert total(clara) == dollars(25)


def test_each_form_has_a_key_of_its_own(marcus, clara):
    address = f"/clients/{clara.pk}/adjust/"
    keys = {marcus.get(address).context["form"]["key"].value() for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "", "Enter an amount."),
        ("amount", "0", "Enter an amount above zero."),
        ("amount", "-5", "Enter the amount without a minus sign."),
        ("amount", "1.234", "Enter at most 2 digits after the point."),
        ("amount", "1000001", "Enter at most $1,000,000.00."),
        ("amount", "9" * 40, "Enter an amount like"),
        ("amount", "NaN", "Enter an amount like"),
        ("amount", "forty", "Enter an amount like"),
        ("direction", "", "Choose Add or Take away."),
        ("direction", "set", "Choose Add or Take away."),
        ("reason", "", "Choose a reason."),
        ("reason", "bribe", "Choose a reason."),
        ("key", "", "This field is required."),
        ("key", "not-a-uuid", "Enter a valid UUID."),
        ("note", "n" * 501, "at most 500 characters"),
        ("note", "no\x00", "Null characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(marcus, clara, field, typed, said):
    response = adjust(marcus, clara, {**form("25", note="For the wait"), field: typed})
    assert response.status_code == 422
    assert said in str(response.context["form"].errors[field])
    assert not Entry.objects.exists()
    if field != "note":
        assert "For the wait" in response.content.decode()


def test_other_needs_a_note(marcus, clara):
    response = adjust(marcus, clara, form("25", reason="other"))
    assert "Say what it is for." in str(response.context["form"].errors["note"])
    assert adjust(marcus, clara, form("25", reason="other", note="Lost scarf")).status_code == 302


def test_no_more_is_taken_than_is_available(marcus, clara):
    make_credit(clara, 10)
    make_credit(clara, 30, source=Source.DEPOSIT, visit=make_appointment(clara).pk)
    response = adjust(marcus, clara, form("10.01", "take", "correction"))
    assert response.status_code == 422
    assert "Only $10.00 is available" in str(response.context["form"].errors["amount"])
    assert total(clara) == dollars(40)


@pytest.mark.parametrize("direction", ["add", "take"])
def test_a_role_has_its_limit_also_in_a_crafted_form(clara, direction):
    make_credit(clara, 500)
    make_role("Manager", adjustment_limit=dollars(50))
    marcus = make_browser("Marcus")
    response = adjust(marcus, clara, form("50.01", direction))
    assert "at most $50.00 at a time" in str(response.context["form"].errors["amount"])
    assert total(clara) == dollars(500)
    assert adjust(marcus, clara, form("50.00", direction)).status_code == 302


def test_without_permission_nothing_is_adjusted(jo, clara):
    for response in (jo.get(f"/clients/{clara.pk}/adjust/"), adjust(jo, clara, form())):
        assert response.status_code == 403
        assert "Can manually adjust client account balances" in response.content.decode()
    assert not Entry.objects.exists()


def test_a_person_without_a_role_is_refused_too(clara):
    assert adjust(make_browser("Maya"), clara, form()).status_code == 403


def test_switched_off_meanwhile_the_form_is_refused_and_kept(marcus, clara):
    switch_off()
    response = adjust(marcus, clara, form("25", note="For the wait"))
    assert response.status_code == 422
    shown = response.content.decode()
    assert "switched off" in shown
    assert "For the wait" in shown
    assert not Entry.objects.exists()


def test_an_archived_client_is_refused(marcus, clara):
    clara.archived_at = clock.now()
    clara.save()
    response = adjust(marcus, clara, form("25"))
    assert "is archived" in response.content.decode()
    assert not Entry.objects.exists()


def test_as_a_dialog_it_sends_the_whole_page_on(marcus, clara):
    dialog = marcus.get(f"/clients/{clara.pk}/adjust/", headers=HTMX).content.decode()
    assert "<html" not in dialog
    assert "data-dialog-close" in dialog
    response = adjust(marcus, clara, form("25"), headers=HTMX)
    assert response.headers["HX-Redirect"] == f"/clients/{clara.pk}/payment-methods/"
    refused = adjust(marcus, clara, form(""), headers=HTMX)
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?amount=25&direction=add", "$65.00 credit"),
        ("?amount=15&direction=take", "$25.00 credit"),
        ("?amount=40.01&direction=take", "Only $40.00 is available"),
        ("?amount=&direction=add", "$40.00 credit"),
        ("?amount=x&direction=y", "$40.00 credit"),
        ("", "$40.00 credit"),
    ],
)
def test_the_form_shows_what_the_balance_becomes(marcus, clara, query, said):
    make_credit(clara, 40)
    assert said in page(marcus, clara, "adjust/preview", query)


def test_the_preview_is_only_for_who_may_adjust(jo, clara):
    assert jo.get(f"/clients/{clara.pk}/adjust/preview/").status_code == 403


def test_a_gift_to_who_owes_settles_first_in_the_preview_too(marcus, clara):
    make_debt(clara, 12)
    assert "$8.00 credit" in page(marcus, clara, "adjust/preview", "?amount=20&direction=add")


def test_a_link_may_start_the_form_but_not_send_it(marcus, clara):
    address = f"/clients/{clara.pk}/adjust/?direction=take&amount=25&reason=correction"
    initial = marcus.get(address).context["form"].initial
    assert (initial["direction"], initial["amount"], initial["reason"]) == (
        "take",
        "25",
        "correction",
    )
    assert not Entry.objects.exists()


def test_adjusting_at_another_location_is_written_there(clara):
    other = make_location("Williamsburg")
    adjust(make_browser("Marcus", location=other), clara, form("25"))
    assert Entry.objects.get().location == other
