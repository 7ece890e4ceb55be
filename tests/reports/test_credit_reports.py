"""Usage, balances, IOUs, gift cards, breakage and the trial balance: their pages and files."""

import csv
import datetime as dt
import io

import pytest

from ledger import accounts
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Take
from ledger.models import Account, Entry
from salon.models import BusinessSettings
from salon.reporting import registry
from tests.checkout.helpers import order_with, pay, sell_credit
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
)
from tests.giftcards.helpers import sell_card, spend
from tests.ledger.books import act, assert_well, make_visits

KEYS = ["usage", "balances", "ious", "gift-cards", "breakage", "trial-balance"]
TODAY = "2026-11-20"
EVIL = "=cmd|' /C calc'!A0"


@pytest.fixture
def marcus(db):
    return make_browser("Marcus")


def page(browser, key, query=""):
    response = browser.get(f"/reports/{key}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def rows(browser, key, query="?file=rows"):
    response = browser.get(f"/reports/{key}/{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def forfeit(client, cents, desk):
    [visit] = make_visits(client, 1)
    lot = make_credit(client, cents // 100, desk=desk, source=Source.DEPOSIT, visit=visit.pk)
    gone = Take(lot.pk, cents), Move(accounts.FORFEITED, -cents)
    act(desk, *gone, kind=EntryKind.FORFEIT, note="Did not come")


@pytest.fixture
def busy(db):
    """A client with a wicked name who bought, used, owes, forfeits and lets expire; and a card."""
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(100))
    client = make_client(EVIL)
    desk = make_desk("Marcus")
    sell_credit(client, 40, desk)
    order = order_with(desk, client, service=45)
    pay(order, "credits", 45, desk)
    forfeit(client, 3000, desk)
    yesterday = desk.business_date - dt.timedelta(days=1)
    make_credit(client, 15, source=Source.GOODWILL, expires_on=yesterday)
    expire_lots(desk.at)
    spend(sell_card(desk, 100), 30, desk)
    return client


@pytest.mark.parametrize("key", KEYS)
def test_empty_books_have_a_page_that_says_so_and_ties(key, marcus):
    shown = page(marcus, key)
    assert 'class="empty"' in shown
    assert "no-print" in shown
    ties = marcus.get(f"/reports/ties/{key}/?on={TODAY}").content.decode()
    assert "ties to the trial balance" in ties
    assert "is-wrong" not in ties


@pytest.mark.parametrize("path", [*KEYS, "accounts/1", "entries/1"])
def test_who_may_not_see_reports_is_told(path, db):
    assert make_browser("Jo").get(f"/reports/{path}/").status_code == 403


@pytest.mark.parametrize("key", KEYS)
def test_every_report_ties_on_every_day(key, busy):
    report = registry.find(key)
    today = make_desk().business_date
    for days in (400, 1, 0):
        for tie in report.ties(today - dt.timedelta(days=days)):
            assert tie.is_well, tie
    assert any(tie.books for tie in report.ties(today))


@pytest.mark.parametrize("key", ["usage", "balances", "ious", "breakage"])
def test_no_name_is_a_formula_in_a_file(key, busy, marcus):
    cells = [cell for row in rows(marcus, key) for cell in row]
    assert f"'{EVIL}" in cells
    assert EVIL not in cells


def test_nor_in_any_file_of_any_report(busy, marcus):
    """Signs stand before bare numbers alone."""
    for key in KEYS:
        shown = marcus.get(f"/reports/{key}/")
        for table, _ in shown.context["tables"]:
            for row in rows(marcus, key, f"?file={table.key}"):
                for cell in row:
                    if cell[:1] in "=+-@" and cell:
                        float(cell)


@pytest.mark.parametrize(
    ("key", "queries"),
    [("usage", 4), ("balances", 2), ("ious", 2), ("gift-cards", 6), ("breakage", 5)],
)
def test_a_page_takes_the_same_queries_however_many_rows(
    key, queries, busy, marcus, django_assert_max_num_queries
):
    page(marcus, key)
    with django_assert_max_num_queries(queries + 10):
        page(marcus, key)
    for name in ("Ben Okafor", "Ines Duarte"):
        client = make_client(name)
        make_credit(client, 40)
        make_debt(client, 12)
        draw = Draw(accounts.credit_of(client), 1000)
        act(make_desk(), draw, Move(accounts.OPEN_ORDERS, -1000), kind=EntryKind.TENDER)
        forfeit(client, 2000, make_desk())
    with django_assert_max_num_queries(queries + 10):
        page(marcus, key)


def test_usage_leads_to_the_sale_and_says_what_was_used(busy, marcus):
    shown = page(marcus, "usage")
    assert "/go/order/" in shown
    assert "$40.00" in shown
    assert "Put on IOU" in shown
    assert rows(marcus, "usage", "?file=by-source")[1:] == [
        ["Purchase", "40.00"],
        ["Total", "40.00"],
    ]


def test_balances_leave_owed_out_where_a_location_is_chosen(busy, marcus):
    riverside = make_location("Riverside")
    assert rows(marcus, "balances")[0][3] == "Owes"
    there = page(marcus, "balances", f"?location={riverside.pk}")
    assert "Only credit that was sold at this location" in there
    assert "Owes" not in there


def test_balances_of_a_past_day_know_nothing_of_today(busy, marcus):
    yesterday = make_desk().business_date - dt.timedelta(days=1)
    assert "No client has credit" in page(marcus, "balances", f"?on={yesterday}")


def test_what_makes_no_sense_is_as_by_default(busy, marcus):
    nonsense = "on=x&start=2026-02-30&period=y&location=z&sort=q&after=%00&before=-1&show=a&file="
    for key in KEYS:
        assert "<h1>" in page(marcus, key, f"?{nonsense}&client=%00%25")


def test_ious_say_how_to_reach_whom_since_when(busy, marcus):
    busy.email = "evil@example.com"
    busy.save()
    shown = page(marcus, "ious")
    assert "evil@example.com" in shown
    assert "Owed new, past the balance at checkout" in shown
    assert rows(marcus, "ious", "?file=movement")[-1] == ["Owed at the end", "5.00"]


def test_gift_cards_are_masked_and_lead_to_their_page(busy, marcus):
    account = Account.objects.get(kind="gift_card")
    card = account.gift_card
    shown = page(marcus, "gift-cards")
    assert card.masked in shown
    assert "/reports/movements/?kind=gift_card" in shown
    assert f"/gift-cards/{card.uuid}/" in shown
    assert card.code not in shown
    assert [row[-1] for row in rows(marcus, "gift-cards")[1:]] == ["70.00", "70.00"]


def test_breakage_names_what_was_kept_and_what_expired(busy, marcus):
    shown = page(marcus, "breakage")
    assert "Did not come" in shown
    assert "$45.00" in shown
    assert rows(marcus, "breakage", "?file=expired")[0] == ["Month", "Goodwill", "Expired"]


def test_the_trial_balance_opens_kind_by_kind(busy, marcus):
    closed = page(marcus, "trial-balance")
    assert "report-part" not in closed
    assert "show=" in closed
    every = page(marcus, "trial-balance", "?show=all")
    assert "report-part" in every
    [heading, *found] = rows(marcus, "trial-balance")
    assert heading == ["Kind", "Account", "Debit", "Credit", "In the books"]
    assert sum(float(row[2]) for row in found[:-1]) == float(found[-1][2]) == float(found[-1][3])


def test_an_account_lists_its_entries_and_an_entry_its_legs(busy, marcus):
    account = Account.objects.get(name="open_orders/")
    shown = page(marcus, f"accounts/{account.pk}")
    entry = Entry.objects.filter(kind=EntryKind.TENDER).latest("id")
    assert f"/reports/entries/{entry.pk}/" in shown
    assert len(rows(marcus, f"accounts/{account.pk}")) > 3
    legs = page(marcus, f"entries/{entry.pk}")
    assert "Open orders" in legs
    assert marcus.get("/reports/entries/999999999/").status_code == 404


def test_a_client_s_account_is_no_page_of_the_trial_balance(busy, marcus):
    account = Account.objects.filter(client=busy).first()
    assert marcus.get(f"/reports/accounts/{account.pk}/").status_code == 404


def test_the_search_finds_each_report_by_name(marcus):
    for key in KEYS:
        report = registry.find(key)
        found = marcus.get("/search/", {"q": report.label}).content.decode()
        assert f"/reports/{key}/" in found
    assert "/reports/" not in make_browser("Jo").get("/search/", {"q": "IOUs"}).content.decode()


def test_the_page_offers_presets_that_keep_the_rest(busy, marcus):
    shown = page(marcus, "usage", "?client=cmd&period=last_month")
    assert "client=cmd&amp;period=year" in shown
    assert shown.count('aria-current="true"') == 1
    assert "only-print" in shown
    assert_well()


def test_what_somebody_owes_is_said_once_and_in_words(busy, marcus):
    shown = page(marcus, "balances")
    body = shown.split("<tbody>")[1].split("</tbody>")[0]
    assert "owes $5.00" in body
    assert "−$5.00" not in shown
    assert body.count("$5.00") == 1
    heading, line, *_ = rows(marcus, "balances")
    named = dict(zip(heading, line, strict=True))
    assert (named["Owes"], named["Balance"]) == ("5.00", "-5.00")
