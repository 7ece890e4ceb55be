"""Gift cards in the admin: read by who reads the ledger there, and no code given away."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from checkout.models import Order
from giftcards.blocking import block
from salon.models import StaffMember
from tests.factories import make_browser, make_desk, make_role
from tests.giftcards.helpers import sell_card

pytestmark = pytest.mark.django_db
LIST = "admin:giftcards_giftcard_changelist"


@pytest.fixture
def card():
    desk = make_desk("Marcus")
    card = sell_card(desk, 50, to_name="Ines")
    block(card=card, reason="Lost on the train", desk=desk)
    return card


@pytest.fixture
def reader(card):
    """Reads the ledger in the admin, and may not refund."""
    role = make_role("Front desk")
    role.permissions.add(Permission.objects.get(codename="view_account"))
    Order.objects.update(business_date="2020-01-01")  # On its day anybody hands it over.
    jo = make_browser("Jo")
    StaffMember.objects.filter(username="jo").update(is_staff=True)
    return jo


def of(card):
    return reverse("admin:giftcards_giftcard_change", args=[card.pk])


def test_the_list_and_the_card_say_how_it_stands_and_who_blocked_it(card):
    olivia = make_browser("Olivia")
    page = olivia.get(reverse(LIST)).text
    for part in (card.masked, "Blocked", "Marcus", "$50.00", "Ines"):
        assert part in page
    assert card.code not in page and card.shown_code not in page
    page = olivia.get(of(card)).text
    for part in ("Lost on the train", "Marcus", "Blocked", card.shown_code):
        assert part in page
    assert "•••• " in olivia.get(f"{reverse(LIST)}?standing=blocked").text
    assert card.masked not in olivia.get(f"{reverse(LIST)}?standing=active").text


def test_who_may_not_refund_sees_the_end_of_a_code_alone(reader, card):
    for page in (reader.get(of(card)).text, reader.get(reverse(LIST)).text):
        assert card.masked in page
        assert card.code not in page and card.shown_code not in page


def test_no_code_is_tried_out_by_searching(reader, card):
    assert card.masked in reader.get(f"{reverse(LIST)}?q={card.code[-4:]}").text
    for guess in (card.code[:4], card.code[-5:], card.code):
        assert card.masked not in reader.get(f"{reverse(LIST)}?q={guess}").text
    for crafted in (f"code__startswith={card.code[:2]}", f"code={card.code}"):
        assert card.masked not in reader.get(f"{reverse(LIST)}?{crafted}").text


def test_it_is_for_reading_and_for_who_reads_the_ledger(card):
    olivia = make_browser("Olivia")
    assert olivia.post(of(card), {"to_name": "Jo"}).status_code == 403
    assert olivia.get(reverse("admin:giftcards_giftcard_add")).status_code == 403
    assert make_browser("Jo").get(of(card), follow=True).status_code == 403
