"""Production does not start against anything but Stripe."""

import pytest
from django.core.checks import run_checks

from cards import gateways
from cards.context import STRIPES_NUMBERS
from cards.context import processor as shown
from tests.cards.starting import COMMAND, ELSEWHERE, KEYS, WEB, start
from tests.factories import make_browser

STRIPE = "https://api.stripe.com"
STAND_IN = ELSEWHERE["STRIPE_API_BASE"]


def found(settings, key="", secret="", base=STRIPE, *, demo=False):
    settings.DEBUG, settings.DEMO = False, demo
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = key, secret
    settings.STRIPE_API_BASE = base
    return [error.id for error in run_checks(tags=["cards"])]


@pytest.mark.parametrize(
    "fitting",
    [
        {},
        {"key": "sk_live_1", "secret": "whsec_1"},
        {"key": "sk_test_1", "secret": "whsec_1"},
        {"key": "sk_test_1", "secret": "whsec_1", "base": STAND_IN, "demo": True},
    ],
)
def test_what_fits_passes(settings, fitting):
    assert found(settings, **fitting) == []


@pytest.mark.parametrize(
    ("unfit", "said"),
    [
        ({"key": "sk_live_1"}, ["cards.E001"]),
        ({"secret": "whsec_1"}, ["cards.E001"]),
        ({"base": STAND_IN}, ["cards.E002"]),
        ({"key": "sk_test_1", "secret": "whsec_1", "base": STAND_IN}, ["cards.E002"]),
        (
            {"key": "sk_live_1", "secret": "w", "base": STAND_IN, "demo": True},
            ["cards.E003", "cards.E004"],
        ),
        ({"key": "rk_live_1", "secret": "w", "demo": True}, ["cards.E004"]),
    ],
)
def test_what_does_not_fit_is_an_error(settings, unfit, said):
    assert found(settings, **unfit) == said


@pytest.mark.parametrize("program", [WEB, COMMAND])
def test_production_refuses_to_start_against_another_processor(program):
    done = start(program, **KEYS, **ELSEWHERE)
    assert done.returncode
    assert "which is not Stripe" in done.stderr
    fitting = start(program, **KEYS)
    assert fitting.returncode == 0, fitting.stderr


def test_the_demo_starts_against_another_processor():
    done = start(WEB, **KEYS, **ELSEWHERE, DEMO="1")
    assert done.returncode == 0, done.stderr


FORMS = (
    "from django.conf import settings;"
    "print(*settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
)


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ({}, ""),
        (KEYS, " https://checkout.stripe.com"),
        (KEYS | ELSEWHERE, " http://127.0.0.1:8001"),
    ],
)
def test_a_form_s_answer_may_lead_to_the_processor_s_pages_alone(given, reached):
    assert start(FORMS, **given).stdout == f"'self'{reached}\n"


def test_without_a_key_no_processor_is_connected(settings):
    settings.STRIPE_SECRET_KEY = ""
    assert not gateways.connected()
    assert gateways.current() is None
    assert shown(None) == {}


def test_pages_say_where_the_numbers_are_while_it_is_a_test(settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_1"
    settings.STRIPE_API_BASE = STAND_IN
    assert shown(None) == {"test_cards_url": STAND_IN}
    settings.STRIPE_API_BASE = STRIPE
    assert shown(None) == {"test_cards_url": STRIPES_NUMBERS}
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert shown(None) == {}


def test_every_desk_page_says_test_processor(db, settings, processor):
    page = make_browser().get("/clients/").content.decode()
    assert f'href="{processor.url}"' in page
    assert "Test processor" in page
    settings.STRIPE_SECRET_KEY = ""
    assert "Test processor" not in make_browser().get("/clients/").content.decode()
