"""Stripe's answers, read into what this program knows of them."""

from collections.abc import Mapping
from typing import Any

from djmoney.money import Money

from cards.decline_words import decline, refund_failure
from cards.gateway import (
    Card,
    CardRefundAnswer,
    Decline,
    Page,
    PageStatus,
    Payment,
    PaymentStatus,
    ReaderState,
    RefundStatus,
)
from salon.money import money

Answer = Mapping[str, Any]

_PAYMENT = {
    "requires_payment_method": PaymentStatus.READY,
    "requires_confirmation": PaymentStatus.READY,
    "requires_action": PaymentStatus.WAITING,
    "succeeded": PaymentStatus.SUCCEEDED,
    "canceled": PaymentStatus.CANCELED,
}
_REFUND = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
_BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def payment(found: Answer) -> Payment:
    """A PaymentIntent; its charge may stand in it, or only be named."""
    charge = _inner(found.get("latest_charge"))
    return Payment(
        id=found["id"],
        status=_PAYMENT.get(found["status"], PaymentStatus.PROCESSING),
        amount=_amount(found),
        reference=_reference(found),
        card=_charged_card(charge),
        method=_id(found.get("payment_method")),
        decline=_last_decline(found),
        fee=_fee(charge),
    )


def page(found: Answer) -> Page:
    """A Checkout Session; it forgets its address once nobody can pay there any more."""
    status = PageStatus(found["status"])
    intent = _inner(found.get("payment_intent"))
    is_kept = status is PageStatus.COMPLETE
    return Page(
        id=found["id"],
        url=found.get("url") or "",
        status=status,
        payment=payment(intent) if intent else None,
        setup_id=_id(found.get("setup_intent")) if is_kept else "",
    )


def refund(found: Answer) -> CardRefundAnswer:
    """A Refund."""
    return CardRefundAnswer(
        id=found["id"],
        status=_REFUND.get(found["status"], RefundStatus.PENDING),
        amount=_amount(found),
        reference=_reference(found),
        why=refund_failure(found.get("failure_reason") or ""),
    )


def reader(found: Answer) -> ReaderState:
    """A Terminal reader."""
    label = found.get("label") or found["id"]
    return ReaderState(id=found["id"], label=label, is_online=found.get("status") == "online")


def card(face: Answer) -> Card:
    """What may be shown of a card."""
    brand = face.get("brand") or ""
    return Card(
        brand=_BRANDS.get(brand, brand.replace("_", " ").title() or "Card"),
        last4=face.get("last4") or "",
        exp_month=int(face.get("exp_month") or 0),
        exp_year=int(face.get("exp_year") or 0),
    )


def _amount(found: Answer) -> Money:
    return money(found["amount"], found["currency"].upper())


def _reference(found: Answer) -> str:
    return str((found.get("metadata") or {}).get("reference") or "")


def _id(found: Any) -> str:
    """The id of something that may stand here whole or by its id."""
    return str(found["id"] if isinstance(found, Mapping) else found or "")


def _inner(found: Any) -> Answer:
    return found if isinstance(found, Mapping) else {}


def _charged_card(charge: Answer) -> Card | None:
    details = charge.get("payment_method_details") or {}
    face = details.get(details.get("type", ""))
    return card(face) if face and face.get("last4") else None


def _last_decline(found: Answer) -> Decline | None:
    error = found.get("last_payment_error")
    if not error or found["status"] == "succeeded":
        return None
    return decline(error.get("code") or "", error.get("decline_code") or "")


def _fee(charge: Answer) -> Money | None:
    transaction = _inner(charge.get("balance_transaction"))
    if not transaction or charge.get("status") != "succeeded":
        return None
    return money(transaction["fee"], transaction["currency"].upper())
