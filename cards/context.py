"""What the frame of every page shows of the card processor."""

from django.conf import settings
from django.http import HttpRequest

from cards import gateways
from cards.stripe_gateway import is_stripes

STRIPES_NUMBERS = "https://docs.stripe.com/testing#cards"


def processor(request: HttpRequest) -> dict[str, str]:
    """While no real money moves: where the numbers to try are listed."""
    gateway = gateways.current()
    if gateway is None or not gateway.is_test:
        return {}
    base = settings.STRIPE_API_BASE
    return {"test_cards_url": STRIPES_NUMBERS if is_stripes(base) else base}
