"""Gift cards by e-mail, and the page that the e-mail leads to."""

import datetime as dt
import uuid
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertNumQueries

from checkout.errors import Refused
from checkout.models import Order
from checkout.refunding import refund_lines
from giftcards import guessing
from giftcards.blocking import block
from giftcards.links import link_to, path_to
from giftcards.mailing import resend, send
from giftcards.models import Mailing
from giftcards.tasks import send_card
from salon import qr
from salon.outbox import newest_mails
from tests.checkout.reading import plain, says
from tests.factories import dollars, make_desk
from tests.giftcards.helpers import fresh, order_for_card, sell_card, spend

pytestmark = pytest.mark.django_db

TO = {"to_name": "Hana Sato", "to_email": "hana@example.com"}


@pytest.fixture
def desk():
    return make_desk("Olivia")


def the_job():
    return ProcrastinateJob.objects.get()


def test_closing_the_sale_queues_one_e_mail_and_the_worker_sends_it(desk):
    order_for_card(desk, 50, **TO)
    assert not ProcrastinateJob.objects.exists()
    card = sell_card(desk, 50, from_name="Ines Duarte", message="Happy birthday, & more", **TO)
    job = the_job()
    assert (job.task_name, job.queue_name) == ("giftcards.send_card", "gift_cards")
    assert card.code not in str(job.args)
    assert mail.outbox == []

    assert send_card(**job.args)
    assert not send_card(**job.args)
    (message,) = mail.outbox
    assert message.to == ["hana@example.com"]
    assert message.subject == "A gift card from Ines Duarte: $50.00 at The salon"
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    for body in (message.body, plain(html)):
        for part in (
            "A present from Ines Duarte for Hana Sato", "$50.00", card.shown_code,
            "Happy birthday, & more", "12 West 38th Street, New York", "stays on the card",
        ):  # fmt: skip
            assert part in " ".join(body.split())
    assert link_to(card) in message.body
    assert link_to(card) in html


def test_a_line_end_in_a_name_does_not_stop_it(desk):
    sell_card(desk, 50, from_name="Ines\nDuarte", **TO)
    assert send_card(**the_job().args)
    assert mail.outbox[0].subject == "A gift card from Ines Duarte: $50.00 at The salon"


def test_the_code_comes_as_a_picture_too(desk):
    card = sell_card(desk, 50, **TO)
    send_card(**the_job().args)
    parsed = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert parsed.get_content_type() == "multipart/related"
    (picture,) = [part for part in parsed.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<qr>"
    assert picture.get_payload(decode=True) == qr.png(card.code)
    assert 'src="cid:qr"' in mail.outbox[0].alternatives[0][0]


def test_the_outbox_of_the_demo_shows_the_picture(desk, settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "salon.outbox.EmailBackend"
    sell_card(desk, 50, **TO)
    send_card(**the_job().args)
    html = newest_mails()[0].html
    assert "cid:" not in html
    assert 'src="data:image/png;base64,' in html


def test_a_card_for_a_later_day_waits_for_its_morning(desk):
    day = desk.business_date + dt.timedelta(days=9)
    sell_card(desk, 50, send_on=day, **TO)
    due = dt.datetime.combine(day, dt.time(9), desk.location.zone)
    assert the_job().scheduled_at == due
    assert Mailing.objects.get().due_at == due


def test_a_printed_or_plastic_card_is_not_mailed(desk):
    sell_card(desk, 50)
    sell_card(desk, 50, number="GC00420042")
    assert not ProcrastinateJob.objects.exists()


def test_what_cannot_pay_any_more_is_not_sent_and_says_why(desk):
    card = sell_card(desk, 50, **TO)
    block(card=card, reason="Stolen", desk=desk)
    assert not send_card(**the_job().args)
    assert mail.outbox == []
    assert Mailing.objects.get().dropped == f"Gift card {card.masked} is blocked: Stolen"


def test_a_refunded_card_is_not_sent(desk):
    card = sell_card(desk, 50, **TO)
    refund_lines(
        order=card.line.order, amounts={card.line: dollars(50)}, destinations={}, desk=desk,
        uuid=uuid.uuid4(),
    )  # fmt: skip
    assert not send_card(**the_job().args)
    assert mail.outbox == []


def test_an_e_mail_sent_again_says_what_is_left_now(desk):
    card = sell_card(desk, 50)
    spend(card, 20, desk)
    mailing = resend(card=card, to="ben@example.com", desk=desk, uuid=uuid.uuid4())
    assert send(mailing.uuid)
    assert "$30.00" in mail.outbox[0].subject


def test_after_the_day_of_its_sale_only_a_manager_sends_a_card_elsewhere(desk):
    card = sell_card(desk, 50, **TO)
    jo = make_desk("Jo")
    resend(card=card, to="ben@example.com", desk=jo, uuid=uuid.uuid4())
    Order.objects.update(business_date=desk.business_date - dt.timedelta(days=1))
    card = fresh(card)
    with pytest.raises(Refused, match="Only a manager may send it to another") as refused:
        resend(card=card, to="ben@example.com", desk=jo, uuid=uuid.uuid4())
    assert refused.value.field == "to"
    resend(card=card, to="Hana@Example.com", desk=jo, uuid=uuid.uuid4())
    resend(card=card, to="ben@example.com", desk=make_desk("Marcus"), uuid=uuid.uuid4())
    assert Mailing.objects.filter(to="ben@example.com").count() == 2


def test_a_plastic_card_is_not_mailed_by_hand_either(desk):
    card = sell_card(desk, 50, number="GC00420042")
    with pytest.raises(Refused, match=r"plastic card .* is not e-mailed. Nothing was sent"):
        resend(card=card, to="ben@example.com", desk=desk, uuid=uuid.uuid4())
    assert not Mailing.objects.exists()


def test_a_form_that_sent_a_card_sends_no_other_and_to_nobody_else(desk):
    card, other = sell_card(desk, 50), sell_card(desk, 60)
    key = uuid.uuid4()
    first = resend(card=card, to="ben@example.com", desk=desk, uuid=key)
    assert resend(card=card, to="ben@example.com", desk=desk, uuid=key) == first
    for which, to in ((card, "hana@example.com"), (other, "ben@example.com")):
        with pytest.raises(Refused, match=r"already sent the card elsewhere. Load the page again"):
            resend(card=which, to=to, desk=desk, uuid=key)
    assert Mailing.objects.get() == first


def test_names_with_line_breaks_do_not_stop_the_e_mail(desk):
    card = sell_card(
        desk, 50, from_name=" Ines\r\nDuarte", to_name="Hana\nSato", to_email="h@x.org"
    )
    assert (card.from_name, card.to_name) == ("Ines Duarte", "Hana Sato")
    assert card.line.description == "Gift card for Hana Sato"
    assert send_card(**the_job().args)
    assert mail.outbox[0].subject == "A gift card from Ines Duarte: $50.00 at The salon"


def test_there_is_nothing_to_send_for_nothing(db):
    assert not send(uuid.uuid4())


# --- The card's own page --------------------------------------------------------------------------


def test_whoever_has_the_address_sees_what_is_left_and_the_code(desk):
    card = sell_card(desk, 50, from_name="Ines Duarte", message="Happy birthday", **TO)
    spend(card, 20, desk)
    with assertNumQueries(4):
        page = Browser().get(path_to(card))
    text = says(page)
    for words in ("$30.00", card.shown_code, "Happy birthday", "A present from Ines Duarte"):
        assert words in text
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]


def test_a_blocked_card_shows_no_code(desk):
    card = sell_card(desk, 50, **TO)
    block(card=card, reason="Stolen", desk=desk)
    text = says(Browser().get(path_to(card)))
    assert "This card is blocked." in text
    assert card.shown_code not in text


def test_an_address_that_was_not_made_here_leads_nowhere_and_trying_has_an_end(desk):
    card = sell_card(desk, 50, **TO)
    other = sell_card(desk, 60, **TO)
    stranger = Browser()
    signature = path_to(other).rstrip("/").rpartition("/")[2]
    for _ in range(guessing.TRIES):
        assert stranger.get(f"/gift/{card.uuid}/{signature}/").status_code == 404
    answer = stranger.get(path_to(card))
    assert answer.status_code == 429
    assert card.shown_code not in answer.text
    assert Browser(REMOTE_ADDR="10.0.0.9").get(path_to(card)).status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert stranger.get(path_to(card)).status_code == 200


def test_a_card_that_is_not_sold_yet_has_no_page(desk):
    order = order_for_card(desk, 50, **TO)
    assert Browser().get(path_to(order.lines.get().gift_card)).status_code == 404
