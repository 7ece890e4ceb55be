"""Pages of cards on file: the block at the desk, adding and removing, the client's own phone."""

import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cards.links import link_to_saving
from cards.models import CardOnFile, CardSaving
from cards.on_file import default_card, remove_card
from cards.saving import LINK_LASTS, PAGE_LASTS, accept_terms
from cards.saving_end import cancel_saving
from salon import clock
from tests.cards.on_file_helpers import (
    HERE,
    fresh,
    in_days,
    make_card,
    make_open_saving,
    make_saving,
)
from tests.factories import (
    make_appointment,
    make_browser,
    make_client,
    make_role,
    make_staff,
)
from tests.harness.processor import MASTERCARD

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def jo(desk):
    return make_browser("Jo")


@pytest.fixture
def phone():
    """Nobody is signed in there."""
    return Browser()


def says(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def block(browser, client, seen=""):
    return browser.get(f"/clients/{client.pk}/cards/", {"seen": seen} if seen else {}, headers=HTMX)


def stamp(response):
    return re.search(r"seen=([\w-]+)", response.content.decode())[1]


def path_to(saving):
    return link_to_saving(saving.uuid).removeprefix("http://127.0.0.1:8000")


def phone_saving(client, desk, **more):
    uuid_ = uuid.uuid4()
    return make_saving(client, desk, uuid=uuid_, back_url=link_to_saving(uuid_), **more)


def add(browser, client, **typed):
    data = {"uuid": str(uuid.uuid4())} | typed
    return browser.post(f"/clients/{client.pk}/cards/add/", data, headers=HTMX)


# --- The block ------------------------------------------------------------------------------------


def test_payment_methods_has_a_place_for_cards(processor, jo, clara):
    page = jo.get(f"/clients/{clara.pk}/payment-methods/").content.decode()
    assert f'hx-get="/clients/{clara.pk}/cards/"' in page


def test_cards_show_with_brand_expiry_default_and_consent(processor, jo, desk, clara):
    make_card(processor, clara, desk, exp_month=8, exp_year=2031)
    make_card(processor, clara, desk, MASTERCARD)
    text = says(block(jo, clara))
    assert re.search(r"Visa •••• 4242 Default Expires 08/31 · Agreed on \w+, \w+ \d+", text)
    assert "Mastercard •••• 4444 Expires" in text
    assert "What was agreed to The salon may keep this card." in text


def test_without_a_processor_the_place_stays_empty(jo, clara):
    response = block(jo, clara)
    assert (response.status_code, response.content) == (200, b"")


def test_who_may_not_see_balances_sees_no_cards(processor, clara):
    make_role("Trainee")
    trainee = make_browser(make_staff("Nia", role="Trainee"))
    assert block(trainee, clara).status_code == 403


def test_who_may_not_manage_cards_sees_them_and_can_do_nothing(processor, desk, clara):
    card = make_card(processor, clara, desk)
    saving = phone_saving(clara, desk)
    role = make_role("Looker")
    role.permissions.add(*_permissions("view_balances"))
    looker = make_browser(make_staff("Nia", role="Looker"))
    page = block(looker, clara)
    assert "Visa •••• 4242" in says(page)
    assert not re.search(r"Add a card|Remove|Cancel|Show the code", says(page))
    for url in (
        f"/clients/{clara.pk}/cards/add/",
        f"/clients/{clara.pk}/cards/{card.pk}/default/",
        f"/clients/{clara.pk}/cards/{card.pk}/remove/",
        f"/cards/savings/{saving.uuid}/cancel/",
    ):
        assert looker.post(url).status_code == 403
    assert looker.get(f"/cards/savings/{saving.uuid}/code/").status_code == 403
    assert fresh(card).removed_at is None
    assert fresh(saving).ended_at is None


def _permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def test_a_card_that_expires_before_a_visit_says_which(processor, jo, desk, clara):
    make_card(processor, clara, desk, exp_month=11, exp_year=2026)
    with time_machine.travel("2026-11-22 17:00:00Z", tick=False):
        for day in (3, 13, 20):
            make_appointment(clara, starts_at=in_days(day))
        assert "Expires before the visit on Sat, Dec 5 Expires 11/26" in says(block(jo, clara))


def test_a_canceled_visit_asks_for_no_card(processor, jo, desk, clara):
    make_card(processor, clara, desk, exp_month=11, exp_year=2026)
    with time_machine.travel("2026-11-22 17:00:00Z", tick=False):
        make_appointment(clara, starts_at=in_days(13), status="canceled")
        assert "before the visit" not in says(block(jo, clara))


def test_an_expired_card_says_so_and_cannot_be_the_default(processor, jo, desk, clara):
    make_card(processor, clara, desk)
    old = make_card(processor, clara, desk, MASTERCARD, exp_month=1, exp_year=2025)
    page = block(jo, clara)
    assert "Expired on Fri, Jan 31, 2025" in says(page)
    assert "Make default" not in says(page)
    answer = jo.post(f"/clients/{clara.pk}/cards/{old.pk}/default/", headers=HTMX)
    assert "Mastercard •••• 4444 has expired" in says(answer)


def test_asked_again_the_block_answers_with_news_only(processor, jo, desk, clara):
    saving = make_open_saving(clara, desk)
    first = block(jo, clara)
    assert "every 4s" in first.content.decode()
    assert block(jo, clara, stamp(first)).status_code == 204
    processor.pay_page(saving.url)
    news = block(jo, clara, stamp(first))
    assert "Visa •••• 4242 is on file." in says(news)
    assert "every 4s" not in news.content.decode()
    assert block(jo, clara, stamp(news)).status_code == 204


def test_the_block_shows_while_the_processor_is_down(processor, jo, desk, clara):
    make_card(processor, clara, desk)
    saving = make_open_saving(clara, desk)
    processor.pay_page(saving.url, MASTERCARD)
    with processor.down():
        text = says(block(jo, clara))
    assert "Visa •••• 4242" in text
    assert "the card is being typed" in text
    assert "Mastercard •••• 4444" in says(block(jo, clara))


def test_many_cards_and_visits_take_no_more_queries(processor, jo, desk, clara):
    make_card(processor, clara, desk)
    make_appointment(clara, starts_at=in_days(3))
    with CaptureQueriesContext(connection) as one:
        block(jo, clara)
    make_card(processor, clara, desk, MASTERCARD)
    make_appointment(clara, starts_at=in_days(5))
    with CaptureQueriesContext(connection) as many:
        block(jo, clara)
    assert len(many) == len(one)


def test_what_took_too_long_waits_no_more(processor, jo, desk, clara):
    phone_saving(clara, desk)
    assert "Waiting for Clara’s phone" in says(block(jo, clara))
    with time_machine.travel(clock.now() + LINK_LASTS, tick=False):
        assert "Waiting" not in says(block(jo, clara))
    make_open_saving(clara, desk)
    with time_machine.travel(clock.now() + PAGE_LASTS, tick=False):
        assert "being typed" not in says(block(jo, clara))


# --- The default, and removing --------------------------------------------------------------------


def test_another_card_is_made_the_default(processor, jo, desk, clara):
    make_card(processor, clara, desk)
    other = make_card(processor, clara, desk, MASTERCARD)
    answer = jo.post(f"/clients/{clara.pk}/cards/{other.pk}/default/", headers=HTMX)
    assert "Mastercard •••• 4444 is the default card." in says(answer)
    assert default_card(clara) == other


def test_removing_asks_first_and_says_what_follows(processor, jo, desk, clara):
    card = make_card(processor, clara, desk)
    url = f"/clients/{clara.pk}/cards/{card.pk}/remove/"
    asked = says(jo.get(url))
    assert "Visa •••• 4242 of Clara Nuñez is not charged any more" in asked
    assert "No card that can be charged is left then" in asked
    assert fresh(card).removed_at is None
    answer = jo.post(url, headers=HTMX)
    assert "Visa •••• 4242 was removed." in says(answer)
    assert "cards-changed" in answer["HX-Trigger"]
    assert fresh(card).forgotten_at is not None
    assert jo.post(url, headers=HTMX).status_code == 404


def test_a_card_of_somebody_else_is_not_found_under_this_client(processor, jo, desk, clara):
    card = make_card(processor, clara, desk)
    ben = make_client("Ben Okafor")
    for act in ("default", "remove"):
        assert jo.post(f"/clients/{ben.pk}/cards/{card.pk}/{act}/").status_code == 404
    assert fresh(card).removed_at is None


# --- Adding at the desk ---------------------------------------------------------------------------


def test_the_code_for_the_phone_leads_to_the_public_page(processor, jo, clara):
    answer = add(jo, clara, way="phone")
    saving = CardSaving.objects.get()
    assert saving.back_url == link_to_saving(saving.uuid)
    assert saving.terms.startswith("The salon may keep this card and charge it")
    assert saving.consented_at is None
    assert link_to_saving(saving.uuid) in says(answer)
    assert "<svg" in answer.content.decode()


def test_on_this_screen_the_client_ticks_and_goes_on_to_the_processor(processor, jo, desk, clara):
    answer = add(jo, clara, way="screen", agreed="on")
    saving = CardSaving.objects.get()
    assert answer["HX-Redirect"] == saving.url
    assert saving.url.startswith(processor.url)
    assert (saving.consented_at is None, saving.consented_from) == (False, HERE)

    back = processor.pay_page(saving.url)
    assert back == f"http://testserver/cards/savings/{saving.uuid}/back/"
    page = jo.get(back, follow=True)
    assert page.redirect_chain[-1][0] == f"/clients/{clara.pk}/payment-methods/"
    assert "Visa •••• 4242 is on file." in says(page)


def test_without_the_tick_nobody_is_asked(processor, jo, clara):
    answer = add(jo, clara, way="screen")
    assert answer.status_code == 422
    assert "Tick the box: no card is kept without it." in says(answer)
    assert not CardSaving.objects.exists()


def test_the_same_form_sent_twice_asks_once(processor, jo, clara):
    typed = {"uuid": str(uuid.uuid4()), "way": "screen", "agreed": "on"}
    first, again = add(jo, clara, **typed), add(jo, clara, **typed)
    assert first["HX-Redirect"] == again["HX-Redirect"]
    assert CardSaving.objects.count() == 1
    assert len(processor.books()["sessions"]) == 1


def test_a_processor_that_is_down_is_told_with_the_form_as_it_was(processor, jo, clara):
    typed = {"uuid": str(uuid.uuid4()), "way": "screen", "agreed": "on"}
    with processor.down():
        answer = add(jo, clara, **typed)
    assert answer.status_code == 422
    assert "The card processor did not answer. No card was kept. Try again" in says(answer)
    assert typed["uuid"] in answer.content.decode()
    assert "checked" in answer.content.decode()
    assert add(jo, clara, **typed)["HX-Redirect"]


def test_without_script_there_are_whole_pages(processor, jo, desk, clara):
    url = f"/clients/{clara.pk}/cards/add/"
    assert "What Clara agrees to" in says(jo.get(url))
    to_code = jo.post(url, {"uuid": str(uuid.uuid4()), "way": "phone"}, follow=True)
    assert "The code is good for one hour and for one card." in says(to_code)
    on = jo.post(url, {"uuid": str(uuid.uuid4()), "way": "screen", "agreed": "on"})
    assert on["Location"].startswith(processor.url)
    card = make_card(processor, clara, desk)
    gone = jo.post(f"/clients/{clara.pk}/cards/{card.pk}/remove/", follow=True)
    assert "Visa •••• 4242 was removed." in says(gone)


@pytest.mark.parametrize(
    "typed", [{}, {"way": "phone", "uuid": "x"}, {"way": "mail"}, {"uuid": "", "way": "phone"}]
)
def test_crafted_forms_are_refused(processor, jo, clara, typed):
    assert add(jo, clara, **typed).status_code == 422
    assert not CardSaving.objects.exists()


def test_no_card_is_added_for_an_archived_client(processor, jo, desk, clara):
    type(clara).objects.filter(pk=clara.pk).update(archived_at=desk.at)
    assert "is archived. Restore the client first. No card was kept." in says(
        add(jo, clara, way="phone")
    )
    assert "Add a card" not in says(block(jo, clara))


def test_coming_back_without_a_card_says_so(processor, jo, desk, clara):
    saving = make_open_saving(clara, desk)
    page = jo.get(reverse("cards:saving_back", args=[saving.uuid]), follow=True)
    assert "No card was kept yet" in says(page)


def test_coming_back_while_the_processor_is_down_says_that_it_is_not_known(
    processor, jo, desk, clara
):
    saving = make_open_saving(clara, desk)
    processor.pay_page(saving.url)
    with processor.down():
        page = jo.get(reverse("cards:saving_back", args=[saving.uuid]), follow=True)
    assert "If the card was kept, it shows here in a moment." in says(page)
    assert "Visa •••• 4242" in says(block(jo, clara))


def test_the_open_code_hears_of_consent_and_closes_at_the_end(processor, jo, desk, clara):
    saving = phone_saving(clara, desk)
    url = f"/cards/savings/{saving.uuid}/code/"
    assert jo.get(f"{url}?look=", headers=HTMX).status_code == 204
    accept_terms(saving=saving, address=HERE)
    assert "The terms are agreed to" in says(jo.get(f"{url}?look=", headers=HTMX))
    assert jo.get(f"{url}?look=agreed", headers=HTMX).status_code == 204
    cancel_saving(saving)
    closed = jo.get(f"{url}?look=agreed", headers=HTMX)
    assert closed.status_code == 204
    assert {"close-sheet", "cards-changed"} <= set(re.findall(r'"([\w-]+)":', closed["HX-Trigger"]))
    assert jo.get(url)["Location"] == f"/clients/{clara.pk}/payment-methods/"


def test_waiting_is_canceled(processor, jo, desk, clara):
    saving = phone_saving(clara, desk)
    answer = jo.post(f"/cards/savings/{saving.uuid}/cancel/", headers=HTMX)
    assert "Canceled. No card was kept." in says(answer)
    assert "Waiting" not in says(answer)


def test_canceling_says_when_the_client_was_faster_or_nobody_answers(processor, jo, desk, clara):
    saving = make_open_saving(clara, desk)
    processor.pay_page(saving.url)
    url = f"/cards/savings/{saving.uuid}/cancel/"
    with processor.down():
        assert "the card page may still be open" in says(jo.post(url, headers=HTMX))
    assert "Visa •••• 4242 was kept before this." in says(jo.post(url, headers=HTMX))


# --- The client's own phone -----------------------------------------------------------------------


def test_the_phone_page_shows_the_terms_and_nothing_but_the_first_name(
    processor, phone, desk, clara
):
    saving = phone_saving(clara, desk, terms="You may keep it. <b>Always.</b>")
    page = phone.get(path_to(saving))
    assert page.status_code == 200
    assert "Hello Clara." in says(page)
    assert "You may keep it. &lt;b&gt;Always.&lt;/b&gt;" in page.content.decode()
    for known in ("Nuñez", "clara@example.com", "555", "Jo"):
        assert known not in says(page)
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_the_phone_goes_on_to_the_processor_once_the_box_is_ticked(processor, phone, desk, clara):
    saving = phone_saving(clara, desk)
    refused = phone.post(path_to(saving))
    assert refused.status_code == 422
    assert "Tick the box: no card is kept without it." in says(refused)
    assert fresh(saving).consented_at is None

    going = phone.post(path_to(saving), {"agreed": "on"})
    assert going["Location"] == fresh(saving).url
    assert fresh(saving).consented_from == HERE
    assert phone.post(path_to(saving), {"agreed": "on"}, headers=HTMX)["HX-Redirect"] == (
        fresh(saving).url
    )
    assert len(processor.books()["sessions"]) == 1


def test_back_from_the_processor_the_phone_is_thanked_and_the_link_is_used_up(
    processor, phone, desk, clara
):
    saving = phone_saving(clara, desk)
    phone.post(path_to(saving), {"agreed": "on"})
    back = processor.pay_page(fresh(saving).url)
    assert back == link_to_saving(saving.uuid)
    page = phone.get(path_to(saving))
    assert "Your card is on file Thank you, Clara." in says(page)
    assert "4242" not in says(page)
    assert CardOnFile.objects.get().saving == saving
    again = phone.post(path_to(saving), {"agreed": "on"})
    assert "Your card is on file" in says(again)
    assert CardOnFile.objects.count() == 1


def test_going_back_before_typing_shows_the_terms_with_the_tick(processor, phone, desk, clara):
    saving = phone_saving(clara, desk)
    phone.post(path_to(saving), {"agreed": "on"})
    page = phone.get(path_to(saving)).content.decode()
    assert "checked" in page
    assert "Go on to the card page" in page


def test_while_the_processor_is_down_the_phone_is_told_that_it_is_not_known(
    processor, phone, desk, clara
):
    saving = phone_saving(clara, desk)
    phone.post(path_to(saving), {"agreed": "on"})
    processor.pay_page(fresh(saving).url)
    with processor.down():
        page = says(phone.get(path_to(saving)))
    assert "Not known yet" in page
    assert "nothing was charged" in page
    assert "Your card is on file" in says(phone.get(path_to(saving)))


def test_a_processor_that_does_not_open_its_page_is_told_on_the_phone(
    processor, phone, desk, clara
):
    saving = phone_saving(clara, desk)
    with processor.down():
        page = phone.post(path_to(saving), {"agreed": "on"})
    assert page.status_code == 422
    assert "did not answer. No card was kept. Try again" in says(page)
    assert phone.post(path_to(saving), {"agreed": "on"}).status_code == 302


def test_links_that_have_ended_say_so_in_words(processor, phone, desk, clara):
    late = phone_saving(clara, desk)
    with time_machine.travel(clock.now() + LINK_LASTS, tick=False):
        assert "This link has ended No card was kept by it." in says(phone.get(path_to(late)))
        posted = phone.post(path_to(late), {"agreed": "on"})
        assert "This link has ended" in says(posted)
    canceled = phone_saving(clara, desk)
    cancel_saving(canceled)
    assert "This link has ended" in says(phone.get(path_to(canceled)))
    assert fresh(late).consented_at is None


def test_a_link_whose_card_was_removed_does_not_claim_that_it_is_kept(
    processor, phone, desk, clara
):
    card = make_card(processor, clara, desk)
    remove_card(card=card, desk=desk)
    page = says(phone.get(path_to(card.saving)))
    assert "The card is not kept any more." in page


def test_addresses_that_were_not_made_here_lead_nowhere(processor, phone, desk, clara):
    saving, other = phone_saving(clara, desk), phone_saving(clara, desk)
    signature = path_to(other).split("/")[-2]
    assert phone.get(f"/keep-card/{saving.uuid}/{signature}/").status_code == 404
    assert phone.post(f"/keep-card/{saving.uuid}/x/", {"agreed": "on"}).status_code == 404
    assert phone.get(f"/keep-card/{uuid.uuid4()}/{signature}/").status_code == 404
