"""What a service costs and how long it takes: the person's own, the location's, the service's."""

import pytest
from django.db import IntegrityError, transaction

from salon.models import ServiceOverride
from salon.terms import TermsBook, Won
from tests.factories import dollars, make_location, make_service, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def cut():
    """$85.00 and 60 minutes; at Riverside $78.00, at Midtown 55 minutes."""
    service = make_service("Cut & finish", 85, minutes=60)
    differ(service, location=make_location("Riverside"), price=78)
    differ(service, location=make_location("Midtown"), minutes=55)
    return service


def differ(service, price=None, **own):
    return ServiceOverride.objects.create(
        service=service, price=None if price is None else dollars(price), **own
    )


def of(service, place, staff=None):
    location = make_location(place)
    terms = TermsBook.at(location, [service]).terms(service, location, staff)
    return str(terms.price), terms.minutes, terms.price_from, terms.minutes_from


def test_what_nobody_does_differently_is_the_service_s():
    plain = make_service("Gloss", 48, minutes=30)
    assert of(plain, "Midtown") == ("$48.00", 30, Won.SERVICE, Won.SERVICE)


def test_a_location_s_price_goes_before_the_service_s_and_time_is_decided_apart(cut):
    assert of(cut, "Riverside") == ("$78.00", 60, Won.LOCATION, Won.SERVICE)
    assert of(cut, "Midtown") == ("$85.00", 55, Won.SERVICE, Won.LOCATION)
    assert of(cut, "Old Town") == ("$85.00", 60, Won.SERVICE, Won.SERVICE)


def test_a_person_s_own_goes_before_the_location_s_at_every_location(cut):
    maya = make_staff("Maya")
    differ(cut, staff=maya, price=95, minutes=75)
    for place in ("Midtown", "Riverside"):
        assert of(cut, place, maya) == ("$95.00", 75, Won.STAFF, Won.STAFF)
    assert of(cut, "Riverside", make_staff("Theo"))[0] == "$78.00"


def test_a_person_with_a_price_but_no_time_of_their_own_takes_as_long_as_the_location(cut):
    maya = make_staff("Maya")
    differ(cut, staff=maya, price=95)
    assert of(cut, "Midtown", maya) == ("$95.00", 55, Won.STAFF, Won.LOCATION)


def test_a_price_of_nothing_is_a_price(cut):
    maya = make_staff("Maya")
    differ(cut, staff=maya, price=0)
    assert of(cut, "Midtown", maya)[0] == "$0.00"


def test_one_query_loads_what_is_needed_for_any_number_of_services(django_assert_num_queries, cut):
    other = make_service("Gloss", 48)
    maya, midtown = make_staff("Maya"), make_location("Midtown")
    differ(other, staff=maya, price=50)
    with django_assert_num_queries(1):
        book = TermsBook.at(midtown)
        assert book.terms(other, midtown, maya).price == dollars(50)
        assert book.terms(cut, midtown, maya).minutes == 55
        assert book.terms(cut, midtown).price == dollars(85)


def test_a_book_of_some_services_knows_those(cut):
    midtown, other = make_location("Midtown"), make_service("Gloss", 48, minutes=30)
    differ(other, location=midtown, minutes=45)
    book = TermsBook.at(midtown, [cut])
    assert book.terms(cut, midtown).minutes == 55
    assert book.terms(other, midtown).minutes == 30


def test_an_override_is_one_location_s_or_one_person_s_and_there_is_one_of_each(cut):
    for wrong in (
        {},
        {"location": make_location("Midtown"), "staff": make_staff("Maya")},
        {"location": make_location("Midtown")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            differ(cut, **wrong)
