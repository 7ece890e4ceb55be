"""Manage > Deposits: the policy in sentences, the rules, which of them wins; and the admin."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from deposits.models import BookingSettings, BookingSite, DepositRule
from deposits.rules.ruling import RuleCard, archive_rule, restore_rule, save_rule
from deposits.rules.sentences import sentences
from deposits.rules.sites import origin_of
from salon.errors import Refused
from salon.models import BusinessSettings, Location, SettingChange
from tests.deposits.rules import make_custom, make_exception, make_rule, set_booking
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_service,
    make_staff,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("deposits:policy")
NEW = reverse("deposits:new_rule")


@pytest.fixture
def marcus():
    return make_browser("Marcus")


def card(**changed):
    values = {"who": "everybody", "kind": "percent", "percent": Decimal(30)}
    return RuleCard(**{"minimum_value": dollars(0)} | values | changed)


def said():
    settings = BookingSettings.current()
    business = BusinessSettings.current()
    found = sentences(settings, business, list(Location.objects.active()))
    return [sentence for _, part in found for sentence in part]


def changes():
    rows = SettingChange.objects.order_by("id")
    return [(row.subject, row.setting, row.before, row.after) for row in rows]


# --- The policy in sentences ------------------------------------------------------------------


def test_the_policy_reads_as_sentences(marcus):
    make_location()
    set_booking(online_booking=True)
    assert said() == [
        "Clients book from 1 hour to 60 days ahead, with a start every 15 minutes.",
        "A time is held for 10 minutes while its deposit is paid.",
        "By credit or debit card only; not from the account balance, nor with a gift card.",
        "Members pay deposits like everybody else.",
        "Deposits go to the house; a provider is paid out when one is redeemed.",
        "Free of charge until 24 hours before the visit.",
        "Canceling later has no fee.",
        "Not coming has no fee.",
        "Canceled in time, it stays as account balance.",
        "Canceled late or not used, it is forfeited.",
        "It may be carried to another time as often as the client wants.",
    ]
    page = marcus.get(PAGE).content.decode()
    assert all(sentence in page for sentence in said())


def test_nobody_books_online_until_the_owner_switches_it_on(marcus):
    make_location()
    assert not BookingSettings.current().online_booking
    assert "take bookings online at the moment" in Client().get("/book/").text
    assert "An owner switches it on" in marcus.get(PAGE).text
    page = make_browser("Olivia").get(PAGE).text
    assert f'href="{SETTINGS}">Switch it on: tick Online booking and save' in page
    set_booking(online_booking=True)
    assert "Switch it on" not in make_browser("Olivia").get(PAGE).text


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"online_booking": False}, "Online booking is off: visits are booked at the desk alone."),
        (
            {"deposit_from_balance": True},
            "By credit or debit card, or from the account balance; never with a gift card.",
        ),
        ({"members_pay_deposits": False}, "Members pay no deposit."),
        (
            {"deposits_go_to": "provider"},
            "A deposit for a provider with an account of their own goes to that provider at once.",
        ),
        (
            {"late_fee_kind": "percent", "late_fee_percent": Decimal(50)},
            "Canceling later costs 50 % of the visit’s price.",
        ),
        (
            {"no_show_fee_kind": "amount", "no_show_fee_amount": dollars(30)},
            "Not coming costs $30.00, at most the visit’s price.",
        ),
        (
            {"no_show_fee_kind": "amount", "no_show_fee_amount": dollars(30)},
            "No card is asked for fees online: the desk collects what no deposit covers.",
        ),
        ({"on_time_fate": "refunded"}, "Canceled in time, it goes back to the card."),
        (
            {"late_fate": "kept"},
            "Canceled late or not used, the fee is kept and the rest stays as account balance.",
        ),
        (
            {"most_moves": 1, "carry_days": 30},
            "It may be carried to another time once, at most 30 days after the first date.",
        ),
        ({"most_moves": 0}, "It may be carried to another time never online."),
    ],
)
def test_each_setting_changes_its_sentence(settings, sentence):
    make_location()
    set_booking(**settings)
    assert sentence in said()


def test_what_is_switched_off_at_a_location_is_told():
    make_location()
    riverside = make_location("Riverside")
    riverside.client_account_balances = False
    riverside.deposits_by_card_only = False
    riverside.save()
    assert "Client Account Balances are off at Riverside: no deposit is asked there." in said()
    assert "The desk at Riverside takes deposits in cash and by check too." in said()


def test_without_earmarks_nothing_is_held():
    make_location()
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    assert said()[-1] == "Nothing is held for a visit: a deposit is free account credit at once."


# --- Who may ----------------------------------------------------------------------------------


def test_the_front_desk_neither_opens_nor_changes_it():
    rule = make_rule("30 %")
    jo = make_browser("Jo")
    for name, args in [("policy", []), ("new_rule", []), ("rule", [rule.pk])]:
        assert jo.get(reverse(f"deposits:{name}", args=args)).status_code == 403
    for name in ("archive_rule", "restore_rule"):
        assert jo.post(reverse(f"deposits:{name}", args=[rule.pk])).status_code == 403
    with pytest.raises(Refused, match="may not change deposit rules"):
        save_rule(rule=None, card=card(), desk=make_desk("Jo"))
    with pytest.raises(Refused, match="may not change deposit rules"):
        archive_rule(rule=rule, desk=make_desk("Jo"))
    assert DepositRule.objects.active().get() == rule


# --- Rules ------------------------------------------------------------------------------------


def test_a_rule_is_added_at_the_desk_and_recorded(marcus):
    sent = {"who": "no_shows", "no_shows": "2", "kind": "percent", "percent": "50"}
    done = marcus.post(NEW, sent | {"minimum_value": "100"}, follow=True)
    page = done.content.decode()
    assert "Clients with 2 no-shows or more, from $100.00 on: 50 % of the price." in page
    rule = DepositRule.objects.get()
    assert (rule.who, rule.no_shows, rule.minimum_value) == ("no_shows", 2, dollars(100))
    [(_, setting, before, after)] = changes()
    assert (setting, before) == ("added", "")
    assert after == "Clients with 2 no-shows or more, from $100.00 on: 50 % of the price"


def test_a_rule_is_changed_and_its_other_figure_let_go(marcus):
    rule = make_rule("30 %", location=make_location())
    url = reverse("deposits:rule", args=[rule.pk])
    assert "30.00" in marcus.get(url).content.decode()
    sent = {"who": "everybody", "kind": "amount", "amount": "20", "percent": "30"}
    marcus.post(url, sent)
    rule.refresh_from_db()
    assert (rule.kind, rule.percent, rule.amount) == ("amount", None, dollars(20))
    assert rule.location is None
    settings = {setting for _, setting, _, _ in changes()}
    assert settings == {"Deposit", "percent", "amount", "location"}


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"kind": "percent"}, "Enter the percentage."),
        ({"kind": "amount"}, "Enter an amount above zero."),
        ({"kind": "full", "who": "friends"}, "Select a valid choice"),
        ({"kind": "full", "who": "no_shows", "no_shows": "0"}, "greater than or equal to 1"),
        ({"kind": "full", "minimum_value": "-1"}, "without a minus sign"),
    ],
)
def test_a_rule_that_says_nothing_is_told_next_to_its_field(sent, error, marcus):
    refused = marcus.post(NEW, {"who": "everybody"} | sent)
    assert refused.status_code == 422
    assert error in refused.content.decode()
    assert not DepositRule.objects.exists()


def test_the_same_rule_sent_twice_is_one_and_another_like_it_is_refused(marcus):
    desk = make_desk("Marcus")
    first = save_rule(rule=None, card=card(), desk=desk)
    assert save_rule(rule=None, card=card(), desk=desk) == first
    with pytest.raises(Refused, match="There is a rule like this already: Everybody: 30 %"):
        save_rule(rule=None, card=card(percent=Decimal(40)), desk=desk)
    other = save_rule(rule=None, card=card(minimum_value=dollars(100)), desk=desk)
    with pytest.raises(Refused, match="like this already"):
        save_rule(rule=other, card=card(), desk=desk)
    refused = marcus.post(NEW, {"who": "everybody", "kind": "full"})
    assert refused.status_code == 422
    assert "Change that one, or choose another minimum." in refused.content.decode()


@pytest.mark.parametrize(
    "crafted",
    [
        {"who": "friends"},
        {"kind": "half"},
        {"percent": Decimal(101)},
        {"percent": None},
        {"kind": "amount", "amount": dollars(0)},
        {"minimum_value": dollars(-1)},
        {"who": "no_shows", "no_shows": 0},
    ],
)
def test_what_no_form_would_send_is_refused(crafted):
    with pytest.raises(Refused):
        save_rule(rule=None, card=card(**crafted), desk=make_desk("Marcus"))
    assert not DepositRule.objects.exists()


def test_an_archived_rule_counts_no_more_and_can_be_restored(marcus):
    rule = make_rule("30 %")
    marcus.post(reverse("deposits:archive_rule", args=[rule.pk]))
    marcus.post(reverse("deposits:archive_rule", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.is_archived
    marcus.post(reverse("deposits:restore_rule", args=[rule.pk]))
    rule.refresh_from_db()
    assert not rule.is_archived
    assert [(s, b, a) for _, s, b, a in changes()] == [
        ("archived", "no", "yes"),
        ("archived", "yes", "no"),
    ]


def test_a_rule_is_not_restored_beside_another_like_it():
    desk = make_desk("Marcus")
    old = archive_rule(rule=make_rule("30 %"), desk=desk)
    make_rule("50 %")
    with pytest.raises(Refused, match="Nothing was restored"):
        restore_rule(rule=old, desk=desk)


# --- Which rule wins? -------------------------------------------------------------------------


def ask(browser, *pairs, **more):
    asked = dict(more)
    for i, (service, staff) in enumerate(pairs):
        asked[f"service-{i}"] = service.pk
        asked[f"staff-{i}"] = staff.pk if staff else ""
    headers = {"HX-Request": "true", "HX-Target": "wins"}
    return browser.get(PAGE, asked, headers=headers).content.decode()


def test_which_rule_wins_is_told_rule_by_rule(marcus):
    maya, cut = make_staff("Maya"), make_service("Cut & finish", 85)
    make_rule("20 %")
    make_rule("full", "no_shows")
    make_custom(cut, "30 %", maya)
    clara = make_client("Clara Nuñez")
    answer = ask(marcus, (cut, maya), client=clara.pk)
    assert "<html" not in answer
    assert "A deposit of $25.50 is asked: 30 % of $85.00." in answer
    assert "Clara Nuñez has no no-show." in answer
    assert "A rule above goes before it." in answer
    assert answer.count("Counts") == 1


def test_somebody_new_and_several_services_can_be_asked_about(marcus):
    make_rule("50 %", "new")
    cut, gloss = make_service("Cut & finish", 85), make_service("Gloss", 48)
    assert "$66.50" in ask(marcus, (cut, None), (gloss, None))
    clara = make_client("Clara Nuñez")
    make_exception(clara, "none", note="Owner’s sister")
    assert "No deposit is asked." in ask(marcus, (cut, None), client=clara.pk)


def test_another_location_can_be_asked_about(marcus):
    riverside = make_location("Riverside")
    make_rule("10 %")
    make_rule("40 %", location=riverside)
    cut = make_service("Cut & finish", 85)
    assert "$8.50" in ask(marcus, (cut, None))
    assert "$34.00" in ask(marcus, (cut, None), location=riverside.pk)


@pytest.mark.parametrize("client", ["0", "x", "9" * 40, "²"])
def test_an_address_that_names_nobody_asks_about_somebody_new(client, marcus):
    make_rule("50 %", "new")
    cut = make_service("Cut & finish", 85)
    assert "$42.50" in ask(marcus, (cut, None), client=client)


def test_a_service_that_is_not_there_asks_nothing(marcus):
    assert "Choose a service" in ask(marcus, **{"service-0": "999999"})


# --- The admin --------------------------------------------------------------------------------

SETTINGS = reverse("admin:deposits_bookingsettings_change", args=[1])


def form_data(**changed):
    settings = BookingSettings.current()
    data = {}
    for field in BookingSettings._meta.concrete_fields:
        value = getattr(settings, field.name)
        if field.name == "id" or field.name.endswith("_currency"):
            continue
        if value is None or value is False:
            continue
        data[field.name] = getattr(value, "amount", value)
        if value is True:
            data[field.name] = "on"
    return {key: value for key, value in (data | changed).items() if value is not None}


def test_the_settings_are_changed_in_the_admin_and_recorded():
    olivia = make_browser("Olivia")
    done = olivia.post(SETTINGS, form_data(deadline_hours=48))
    assert done.status_code == 302, done.context["adminform"].form.errors
    assert BookingSettings.current().deadline_hours == 48
    assert changes() == [
        (
            "Booking and deposits: Booking and deposits",
            "Free of charge until so many hours before",
            "24",
            "48",
        )
    ]


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"late_fee_kind": "amount"}, "Enter an amount above zero, or choose No fee."),
        (
            {"no_show_fee_kind": "percent", "no_show_fee_percent": "0"},
            "Enter a percentage above zero, or choose No fee.",
        ),
        ({"card_for_fees": "required"}, "There is no fee that a card could be kept for."),
        ({"earliest_minutes": 1440, "latest_days": 1}, "Nobody could book"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_with_the_way_out(sent, error):
    refused = make_browser("Olivia").post(SETTINGS, form_data(**sent))
    assert refused.status_code == 200
    assert error in refused.content.decode()
    assert BookingSettings.current().earliest_minutes == 60


def test_fees_without_a_card_are_allowed_the_deposit_alone_covers_them():
    sent = {"late_fee_kind": "percent", "card_for_fees": "never"}
    assert make_browser("Olivia").post(SETTINGS, form_data(**sent)).status_code == 302


def test_deposits_from_the_balance_need_balances_somewhere():
    make_location()
    BusinessSettings.objects.update(client_account_balances=False)
    olivia = make_browser("Olivia")
    refused = olivia.post(SETTINGS, form_data(deposit_from_balance="on"))
    assert "need Client Account Balances" in refused.content.decode()
    Location.objects.update(client_account_balances=True)
    assert olivia.post(SETTINGS, form_data(deposit_from_balance="on")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.Example.com/", "https://www.example.com"),
        (" www.example.com ", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_a_site_is_written_one_way(typed, origin):
    assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "http://example.com",
        "ftp://example.com",
        "https://example.com/book",
        "https://example.com?x=1",
        "https://user@example.com",
        "https://example.com:port",
        "https://*.example.com",
        "https://example.com; script-src *",
        "javascript:alert(1)",
        "'self'",
    ],
)
def test_what_is_no_site_is_refused(typed):
    with pytest.raises(ValueError, match="Enter"):
        origin_of(typed)


def test_sites_are_added_and_taken_off_in_the_admin_and_recorded():
    olivia = make_browser("Olivia")
    olivia.post(reverse("admin:deposits_bookingsite_add"), {"origin": "www.example.com/"})
    site = BookingSite.objects.get()
    assert site.origin == "https://www.example.com"
    olivia.post(reverse("admin:deposits_bookingsite_delete", args=[site.pk]), {"post": "yes"})
    assert not BookingSite.objects.exists()
    assert [(s, b, a) for _, s, b, a in changes()] == [
        ("added", "", "https://www.example.com"),
        ("origin", "https://www.example.com", ""),
    ]


def test_a_rule_in_the_admin_says_what_is_missing():
    olivia = make_browser("Olivia")
    add = reverse("admin:deposits_depositrule_add")
    sent = {"who": "everybody", "kind": "percent", "minimum_value": "0", "no_shows": "1"}
    assert "Enter a percentage above 0" in olivia.post(add, sent).content.decode()
    assert olivia.post(add, sent | {"percent": "30"}).status_code == 302
    assert DepositRule.objects.get().percent == 30
