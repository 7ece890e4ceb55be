"""That a client's bank disputes a card payment: where the desk learns of it, and how it ended."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from checkout.charges.in_dispute import open_at
from checkout.models import OrderCharge
from tests.checkout.charges.going_back import sold
from tests.checkout.reading import says
from tests.factories import make_browser, make_client, make_desk, make_location


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Marcus")


@pytest.fixture
def sale(processor, desk):
    return sold(processor, desk, make_client("Clara Nuñez"))


def bank(processor, order, what, **more):
    payment = OrderCharge.objects.get(order=order).attempt.payment_id
    processor.control(what, payment=payment, **more)
    processor.deliver(Browser())


def page_of(web, order):
    return says(web.get(reverse("checkout:order", args=[order.uuid])))


def today_has(web):
    return says(web.get(reverse("checkout:refused_refunds")))


def test_the_sale_and_today_tell_of_it_until_it_is_decided(processor, desk, sale):
    web = make_browser(desk.staff)
    assert "dispute" not in page_of(web, sale) + today_has(web)

    bank(processor, sale, "dispute")
    for text in (page_of(web, sale), today_has(web)):
        assert "$40.00 of Visa •••• 4242 is disputed" in text
        assert "The processor has taken it, and a fee of $15.00, until that is decided." in text
        assert "Answer it on the card processor’s site by" in text
    assert f"Sale #{sale.number} of Clara Nuñez" in today_has(web)

    bank(processor, sale, "close_dispute", won=False)
    assert "is disputed" not in page_of(web, sale) + today_has(web)
    assert "The dispute of $40.00 was lost: the client’s bank keeps it" in page_of(web, sale)


def test_another_location_is_not_told(processor, desk, sale):
    bank(processor, sale, "dispute")
    assert [found.order for found in open_at(desk.location)] == [sale]
    assert open_at(make_location("Downtown")) == []


def test_one_that_is_won_reads_so(processor, desk, sale):
    bank(processor, sale, "dispute")
    bank(processor, sale, "close_dispute", won=True)
    assert "The dispute of $40.00 was won: the salon keeps it" in page_of(
        make_browser(desk.staff), sale
    )
