"""What is sent to Stripe, in its words. Amounts as minor units, the currency in small letters."""

import datetime as dt
from typing import Any

from djmoney.money import Money

from salon import clock
from salon.money import minor

Params = dict[str, Any]


def customer(*, reference: str, name: str, email: str) -> Params:
    """A client; what is not known is left out."""
    known = {"name": name, "email": email}
    return {"metadata": {"reference": reference}} | {it: text for it, text in known.items() if text}


def payment_page(
    *,
    amount: Money,
    reference: str,
    description: str,
    expires_at: dt.datetime,
    keep_card: bool = False,
) -> Params:
    """A page that takes an amount, and keeps the card for its customer."""
    keeping = {"setup_future_usage": "off_session"} if keep_card else {}
    price = _money(amount, "unit_amount") | {"product_data": {"name": description}}
    return {
        "mode": "payment",
        "payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": price}],
        # Clients pay in the salon's currency: the books know no other.
        "adaptive_pricing": {"enabled": False},
        "payment_intent_data": {
            "description": description,
            "metadata": {"reference": reference},
            # The fee is known with the answer.
            "capture_method": "automatic",
            **keeping,
        },
        "expires_at": int(clock.outside(expires_at).timestamp()),
    }


def saving_page(*, reference: str) -> Params:
    """A page that keeps a card."""
    return {
        "mode": "setup",
        "payment_method_types": ["card"],
        "setup_intent_data": {"metadata": {"reference": reference}},
    }


def any_page(*, reference: str, back_url: str, customer: str) -> Params:
    """What both kinds of pages have."""
    params: Params = {
        "client_reference_id": reference,
        "metadata": {"reference": reference},
        "success_url": back_url,
        "cancel_url": back_url,
    }
    return params | ({"customer": customer} if customer else {})


def payment(
    *, amount: Money, reference: str, description: str, customer: str, at_reader: bool
) -> Params:
    """A payment of which nothing is asked yet."""
    params = _money(amount) | {
        "description": description,
        "metadata": {"reference": reference},
        "payment_method_types": ["card_present" if at_reader else "card"],
        "capture_method": "automatic",
    }
    return params | ({"customer": customer} if customer else {})


def refund(*, payment_id: str, amount: Money, reference: str) -> Params:
    """So much of a payment, back to its card."""
    return {
        "payment_intent": payment_id,
        "amount": minor(amount),
        "metadata": {"reference": reference},
    }


def transfer(*, amount: Money, account: str, reference: str, charge: str) -> Params:
    """Money for a provider's own account. `charge`: the one that it comes out of, or none."""
    source = {"source_transaction": charge} if charge else {}
    return _money(amount) | source | {"destination": account, "metadata": {"reference": reference}}


def _money(amount: Money, name: str = "amount") -> Params:
    return {name: minor(amount), "currency": amount.currency.code.lower()}
