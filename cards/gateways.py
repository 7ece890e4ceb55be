"""The gateway that the settings name. `cards.gateways.current()` is where every call begins."""

from functools import lru_cache

from django.conf import settings

from cards import stripe_gateway
from cards.gateway import Gateway


def connected() -> bool:
    """True when card payments go through a processor; else they are only recorded."""
    return bool(settings.STRIPE_SECRET_KEY)


def current() -> Gateway | None:
    """The processor of this salon, None where none is set up."""
    if not connected():
        return None
    return _gateway(
        settings.STRIPE_SECRET_KEY,
        settings.STRIPE_API_BASE,
        settings.STRIPE_WEBHOOK_SECRET,
        stripe_gateway.TIMEOUT_SECONDS,
    )


# One for each setting: its connections are kept open between calls.
@lru_cache(maxsize=4)
def _gateway(key: str, api_base: str, webhook_secret: str, timeout: float) -> Gateway:
    return stripe_gateway.StripeGateway(
        key=key, api_base=api_base, webhook_secret=webhook_secret, timeout=timeout
    )
