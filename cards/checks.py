"""What has to fit before card payments may start. Any command, and the web server, asks first."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from cards.stripe_gateway import is_stripes

TAG = "cards"


@register(TAG)
def processor_fits(**kwargs: Any) -> list[Error]:
    """The keys come together, and go where they belong."""
    return [
        error
        for error in (_together(), _no_stand_in(), _live_key_elsewhere(), _live_key_in_the_demo())
        if error
    ]


def _together() -> Error | None:
    if bool(settings.STRIPE_SECRET_KEY) == bool(settings.STRIPE_WEBHOOK_SECRET):
        return None
    return Error(
        "STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET do not come together.",
        hint="Set both, or neither: docs/cards.md says where to find them.",
        id="cards.E001",
    )


def _no_stand_in() -> Error | None:
    if settings.DEBUG or settings.DEMO or is_stripes(settings.STRIPE_API_BASE):
        return None
    return Error(
        f"STRIPE_API_BASE is {settings.STRIPE_API_BASE}, which is not Stripe: cards would look "
        "charged and no money would come.",
        hint="Leave STRIPE_API_BASE empty. The test processor is for the demo and the tests.",
        id="cards.E002",
    )


def _live_key_elsewhere() -> Error | None:
    if not _is_live() or is_stripes(settings.STRIPE_API_BASE):
        return None
    return Error(
        "STRIPE_SECRET_KEY is a live key and STRIPE_API_BASE is not Stripe.",
        hint="Leave STRIPE_API_BASE empty, or use a test key.",
        id="cards.E003",
    )


def _live_key_in_the_demo() -> Error | None:
    if not (settings.DEMO and _is_live()):
        return None
    return Error(
        "STRIPE_SECRET_KEY is a live key and this is the demo: real cards would be charged.",
        hint="Use a test key (sk_test_…), or turn DEMO off.",
        id="cards.E004",
    )


def _is_live() -> bool:
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
