"""Custom Deposit for Online Booking on a service's page: for it, for a location, for a person."""

from decimal import Decimal

import pytest
from django.urls import reverse

from deposits.models import ServiceDeposit
from deposits.rules.policy import asked_of
from salon import clock
from salon.models import SettingChange
from tests.deposits.rules import make_custom
from tests.factories import dollars, make_browser, make_location, make_service, make_staff
from tests.salon.test_manage_services import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def marcus():
    return make_browser("Marcus")


@pytest.fixture
def maya():
    return make_staff("Maya")


@pytest.fixture
def cut(maya):
    service = make_service("Cut & finish", 85)
    service.staff.add(maya)
    return service


def url(service):
    return reverse("manage:service", args=[service.pk])


def save(browser, service, **changed):
    """Update Service with the page as it stands, but for what is changed; None is left out."""
    data = form_of(browser, url(service)) | changed
    return browser.post(url(service), {k: v for k, v in data.items() if v is not None})


def name(holder, field):
    if holder is None:
        return f"deposit-service-{field}"
    kind = "staff" if holder._meta.model_name == "staffmember" else "location"
    return f"deposit-{kind}-{holder.pk}-{field}"


def ticked(holder, kind="percent", **figures):
    fields = {"custom": "on", "kind": kind} | figures
    return {name(holder, field): value for field, value in fields.items()}


def rows():
    return {
        str(row.location or row.staff or row.service): (row.kind, row.percent, row.amount)
        for row in ServiceDeposit.objects.select_related("location", "staff", "service")
    }


def test_the_page_has_the_box_for_the_service_each_location_and_each_person(marcus, cut, maya):
    make_location("Riverside")
    page = marcus.get(url(cut)).content.decode()
    assert page.count("Custom Deposit for Online Booking") == 4
    for holder in (None, make_location(), maya):
        assert f'name="{name(holder, "custom")}"' in page
    assert "Update Service" in page


def test_a_percentage_with_one_person_counts_at_once(marcus, cut, maya):
    done = save(marcus, cut, **ticked(maya, percent="30"))
    assert done.status_code == 302
    assert rows() == {"Maya": ("percent", Decimal(30), None)}
    asked = asked_of(client=None, services=[(cut, maya)], location=make_location(), at=clock.now())
    assert asked.amount == dollars("25.50")
    page = marcus.get(url(cut)).content.decode()
    assert "Custom deposit: 30 % of the price" in page


@pytest.mark.parametrize(
    ("kind", "figures", "row"),
    [
        ("percent", {"percent": "12.5", "amount": "20"}, ("percent", Decimal("12.5"), None)),
        ("amount", {"percent": "30", "amount": "20"}, ("amount", None, dollars(20))),
        ("full", {}, ("full", None, None)),
        ("none", {}, ("none", None, None)),
    ],
)
def test_every_kind_is_set_and_the_other_figure_let_go(kind, figures, row, marcus, cut):
    save(marcus, cut, **ticked(None, kind, **figures))
    assert rows() == {"Cut & finish": row}


def test_a_location_has_its_own_and_the_box_off_takes_it_away(marcus, cut):
    midtown = make_location()
    save(marcus, cut, **ticked(midtown, "amount", amount="20"))
    assert rows() == {"Midtown": ("amount", None, dollars(20))}
    save(marcus, cut, **{name(midtown, "custom"): None})
    assert rows() == {}


def test_every_change_is_recorded_with_who_and_what_it_was_before(marcus, cut, maya):
    save(marcus, cut, **ticked(maya, percent="30"))
    save(marcus, cut, **ticked(maya, percent="40"))
    save(marcus, cut, **{name(maya, "custom"): None})
    told = [
        (c.staff.name, c.setting, c.before, c.after) for c in SettingChange.objects.order_by("id")
    ]
    assert told == [
        ("Marcus", "custom deposit with Maya", "", "30 % of the price"),
        ("Marcus", "custom deposit with Maya", "30 % of the price", "40 % of the price"),
        ("Marcus", "custom deposit with Maya", "40 % of the price", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "figures", "error"),
    [
        ("percent", {"percent": ""}, "Enter the percentage."),
        ("percent", {"percent": "101"}, "Enter at most 100."),
        ("percent", {"percent": "0"}, "Enter a percentage above 0."),
        ("percent", {"percent": "a third"}, "Enter a percentage like 30."),
        ("amount", {"amount": ""}, "Enter an amount above zero."),
        ("amount", {"amount": "-20"}, "without a minus sign"),
        ("everything", {}, "Select a valid choice"),
    ],
)
def test_what_asks_for_nothing_in_particular_is_told_next_to_its_field(
    kind, figures, error, marcus, cut, maya
):
    refused = save(marcus, cut, **ticked(maya, kind, **figures))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert error in page
    assert "Nothing was saved" in page
    # Customize stands open, with what was typed.
    assert '<details class="own-fields" open>' in page
    assert rows() == {}


def test_a_page_from_before_changes_no_deposit(marcus, cut, maya):
    """Sent without these fields, by an older page or another program."""
    make_custom(cut, "30 %", maya)
    data = form_of(marcus, url(cut))
    kept = {key: value for key, value in data.items() if not key.startswith("deposit-")}
    assert marcus.post(url(cut), kept | {"seen": ""}).status_code == 302
    assert rows() == {"Maya": ("percent", Decimal(30), None)}


def test_two_managers_at_once_are_told(marcus, cut, maya):
    data = form_of(marcus, url(cut))
    make_custom(cut, "30 %", maya)
    stale = marcus.post(url(cut), data | ticked(maya, percent="50"))
    assert stale.status_code == 409
    assert rows() == {"Maya": ("percent", Decimal(30), None)}


def test_the_front_desk_cannot_send_it(cut, maya):
    refused = make_browser("Jo").post(url(cut), ticked(maya, percent="30"))
    assert refused.status_code == 403
    assert rows() == {}


def test_it_adds_one_query_to_the_page_however_many_people(
    marcus, cut, django_assert_max_num_queries
):
    for i in range(12):
        make_custom(cut, "30 %", make_staff(f"Stylist {i}", is_provider=True))
    marcus.get(url(cut))
    with django_assert_max_num_queries(20):
        marcus.get(url(cut))
