"""The booking pages on another site: only where the owner lists it, and the script that does it."""

import pytest

from deposits.models import BookingSite, DepositRequest, DepositRule
from deposits.own.links import payment_token
from tests.deposits.booking_walk import Stranger, at
from tests.deposits.online_helpers import at_noon, make_bookable, make_maya, make_shop
from tests.factories import make_browser, make_location

pytestmark = pytest.mark.django_db
SITE = "https://www.juniper.example"
OTHER = "https://evil.example"


@pytest.fixture
def cut():
    make_shop()
    make_maya()
    return make_bookable()


@pytest.fixture
def stranger(cut, settings):
    settings.PUBLIC_URL = "https://book.example"
    return Stranger()


def framers(answer) -> str:
    """Who may frame it, by its policy."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    return next(part.strip() for part in parts if "frame-ancestors" in part)


def test_nobody_frames_the_pages_before_a_site_is_listed(stranger):
    answer = stranger.get("/book/midtown/")
    assert framers(answer) == "frame-ancestors 'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_listed_sites_alone_may_frame_them(stranger):
    BookingSite.objects.create(origin=SITE)
    BookingSite.objects.create(origin="https://shop.juniper.example")
    for path in ("/book/", "/book/midtown/", "/book/midtown/who/"):
        answer = stranger.browser.get(path)
        assert framers(answer) == f"frame-ancestors https://shop.juniper.example {SITE}"
        assert "X-Frame-Options" not in answer.headers
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_every_other_page_still_refuses_frames(stranger):
    BookingSite.objects.create(origin=SITE)
    for answer in (stranger.browser.get("/login/"), make_browser().get("/")):
        assert framers(answer) == "frame-ancestors 'none'"
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_choice_of_locations_is_framed_too(stranger):
    BookingSite.objects.create(origin=SITE)
    make_location("Riverside")
    assert SITE in framers(stranger.get("/book/"))


def at_the_last_step(stranger, cut, site):
    maya = make_maya()
    stranger.choose(cut, whom=maya, day=at_noon().date(), site=site)
    stranger.look_over(at(at_noon(), maya))
    return stranger


def test_in_a_frame_the_card_page_takes_the_whole_window(stranger, cut, processor):
    BookingSite.objects.create(origin=SITE)
    at_the_last_step(stranger, cut, SITE)
    assert stranger.form().target == "_top"
    assert f'data-site="{SITE}"' in stranger.page.text
    stranger.book()
    assert DepositRequest.objects.get().site == SITE
    assert stranger.page.url.startswith(processor.url)


def test_where_nothing_is_paid_it_stays_in_the_frame(stranger, cut):
    BookingSite.objects.create(origin=SITE)
    DepositRule.objects.all().delete()
    at_the_last_step(stranger, cut, SITE)
    assert stranger.form().target == ""
    answer = stranger.book()
    assert "from=https" in answer.url
    answer = stranger.get(answer.url)
    assert "You’re booked" in stranger.says and SITE in framers(answer)
    assert 'target="_top">See, move or cancel' in stranger.page.text


def test_a_site_that_is_not_listed_is_not_believed(stranger, cut, processor):
    BookingSite.objects.create(origin=SITE)
    at_the_last_step(stranger, cut, OTHER)
    assert stranger.form().target == "_self" and OTHER not in stranger.page.text
    stranger.book()
    assert DepositRequest.objects.get().site == ""


def test_a_page_by_token_is_framed_by_listed_sites_alone(stranger, cut, processor):
    at_the_last_step(stranger, cut, "")
    stranger.book()
    path = f"/book/done/{payment_token(DepositRequest.objects.get())}/"
    assert framers(stranger.get(path)) == "frame-ancestors 'none'"
    BookingSite.objects.create(origin=SITE)
    assert SITE in framers(stranger.get(path))


def test_the_script_is_small_kept_for_an_hour_and_asks_nothing_of_the_database(
    stranger, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = stranger.browser.get("/book/embed.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert len(answer.content) < 8_000 and b"data-salon-book" in answer.content
    again = stranger.browser.get("/book/embed.js", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
