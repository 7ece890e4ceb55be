"""Who a stranger is by what they typed; bookings and enrolments have tests of their own."""

import pytest

from clients.by_contact import Contact, alone_with, client_for, known_client
from clients.errors import Refused
from clients.models import Client
from salon import clock
from tests.factories import make_client, make_location

pytestmark = pytest.mark.django_db
CLARA = Contact("Clara", "Nuñez", "clara@example.com", "(212) 555-0142")


def test_stray_spaces_are_nobodys_name():
    typed = Contact("  Clara  Maria ", " Nuñez ", " clara@example.com ", " (212) 555-0142 ")
    assert typed.tidied() == Contact("Clara Maria", "Nuñez", CLARA.email, CLARA.phone)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Contact(" ", "Nuñez", "clara@example.com", ""), "first_name"),
        (Contact("C" * 81, "Nuñez", "clara@example.com", ""), "first_name"),
        (Contact("Clara", "Nuñez", "", ""), "email"),
        (Contact("Clara", "Nuñez", "clara", ""), "email"),
        (Contact("Clara", "Nuñez", "", "12"), "phone"),
    ],
)
def test_who_could_be_nobody_is_refused_next_to_the_input(typed, field):
    with pytest.raises(Refused, match=r"Nothing was done\.") as caught:
        typed.tidied()
    assert caught.value.field == field


def test_somebody_new_is_written_and_found_again(django_assert_num_queries):
    made = client_for(CLARA, make_location())
    assert (made.name, made.email) == ("Clara Nuñez", "clara@example.com")
    with django_assert_num_queries(1):
        assert known_client(CLARA) == made
    with django_assert_num_queries(1):
        alone_with(CLARA)


def test_an_archived_client_is_nobody_and_a_blocked_one_is_refused():
    clara = make_client("Clara Nuñez")
    Client.objects.filter(pk=clara.pk).update(archived_at=clock.now())
    assert known_client(CLARA) is None
    Client.objects.filter(pk=clara.pk).update(archived_at=None, blocked_at=clock.now())
    with pytest.raises(Refused, match="Please call the salon"):
        known_client(CLARA)
