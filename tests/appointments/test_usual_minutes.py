"""How long a visit is set to take: the person's own time, the location's, else the service's."""

import datetime as dt

import pytest
from django.urls import reverse

from appointments.booking import book, change
from appointments.entry import VisitEntry
from appointments.errors import Refused
from appointments.segments import Wanted
from salon.models import ServiceOverride
from salon.updating_services import Own, ServiceCard, update_service
from tests.appointments.conftest import at
from tests.factories import make_browser, make_client, make_location, make_staff


@pytest.fixture
def clara(db):
    return make_client()


@pytest.fixture
def slow_maya(maya, cut):
    """The cut takes an hour; 75 minutes with Maya."""
    ServiceOverride.objects.create(service=cut, staff=maya, minutes=75)
    return maya


def lengths(visit):
    rows = visit.services.order_by("starts_at")
    return [int((row.ends_at - row.starts_at).total_seconds() // 60) for row in rows]


def test_a_visit_takes_as_long_as_it_takes_each_of_them(desk, clara, slow_maya, theo, cut):
    services = [Wanted(cut, slow_maya), Wanted(cut, theo)]
    visit = book(client=clara, starts_at=at(10), services=services, desk=desk)
    assert lengths(visit) == [75, 60]
    assert visit.services.order_by("starts_at")[1].starts_at == at(11, 15)


def test_what_was_typed_goes_before_it(desk, clara, slow_maya, cut):
    wanted = [Wanted(cut, slow_maya, 40)]
    visit = book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    assert lengths(visit) == [40]
    assert lengths(change(appointment=visit, starts_at=at(10), services=wanted, desk=desk)) == [40]


def test_a_location_has_its_own_time(desk, clara, maya, cut):
    ServiceOverride.objects.create(service=cut, location=desk.location, minutes=50)
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    assert lengths(visit) == [50]


def test_another_person_brings_their_own_time(desk, clara, slow_maya, theo, cut):
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, theo)], desk=desk)
    changed = change(
        appointment=visit, starts_at=at(10), services=[Wanted(cut, slow_maya)], desk=desk
    )
    assert lengths(changed) == [75]


def test_the_longer_time_finds_somebody_busy(desk, clara, slow_maya, cut):
    book(client=clara, starts_at=at(11), services=[Wanted(cut, slow_maya)], desk=desk)
    with pytest.raises(Refused, match="Maya is with Clara"):
        book(client=clara, starts_at=at(9, 50), services=[Wanted(cut, slow_maya)], desk=desk)


def test_a_visit_that_was_booked_keeps_its_time_when_the_usual_one_changes(
    desk, clara, slow_maya, cut
):
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, slow_maya)], desk=desk)
    ServiceOverride.objects.update(minutes=90)
    assert lengths(visit) == [75]
    (row,) = VisitEntry(visit.location, visit).rows.forms
    assert row.initial["minutes"] == 75


def test_in_the_form_the_usual_time_is_left_open(desk, clara, slow_maya, cut):
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, slow_maya)], desk=desk)
    (row,) = VisitEntry(visit.location, visit).rows.forms
    assert row.initial["minutes"] is None


def test_the_form_says_the_location_s_time_and_knows_each_one_s_own(desk, slow_maya, theo, cut):
    ServiceOverride.objects.create(service=cut, location=desk.location, minutes=50)
    page = make_browser("Jo").get(reverse("appointments:new")).content.decode()
    assert "Cut &amp; finish · 50 min" in page
    assert 'data-minutes="50"' in page
    assert f'data-own-minutes="{slow_maya.pk}:75"' in page


def test_the_form_costs_the_same_for_few_and_for_many(
    desk, slow_maya, cut, django_assert_num_queries
):
    location = desk.location
    for _ in range(2):
        with django_assert_num_queries(4):
            str(VisitEntry(location).rows.forms[0])
        for number in range(8):
            person = make_staff(f"Stylist {number}", location=location, is_provider=True)
            ServiceOverride.objects.update_or_create(
                service=cut, staff=person, defaults={"minutes": 30 + number}
            )


def test_a_change_shows_on_the_booking_form_at_once(desk, maya, cut, clara):
    browser = make_browser("Jo")
    address = reverse("appointments:new")
    assert "Cut &amp; finish · 60 min" in browser.get(address).content.decode()
    card = ServiceCard(cut.name, cut.category, cut.price, 45, own={maya: Own(minutes=80)})
    update_service(service=cut, card=card, by=make_staff("Marcus"))
    page = browser.get(address).content.decode()
    assert "Cut &amp; finish · 45 min" in page
    assert f'data-own-minutes="{maya.pk}:80"' in page
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    assert lengths(visit) == [80]
    assert visit.services.get().ends_at == at(10) + dt.timedelta(minutes=80)


def test_a_visit_elsewhere_takes_the_time_of_its_own_location(desk, clara, maya, cut):
    riverside = make_location("Riverside")
    ServiceOverride.objects.create(service=cut, location=riverside, minutes=35)
    visit = book(client=clara, starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    visit.location = riverside
    visit.save()
    changed = change(appointment=visit, starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    assert lengths(changed) == [35]
