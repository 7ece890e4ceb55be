"""What the SDK raises, as what it means at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from cards import stripe_answers
from cards.decline_words import decline
from cards.gateway import Declined, GatewayError, NeedsClient, Rejected, Unclear

NO_ANSWER = (
    "The card processor gave no answer that can be relied on. Whether it was done is not known "
    "yet. It will be looked up; do not take the payment a second time before that."
)
NO_LOGIN = (
    "The card processor does not accept this salon's key. Nothing was done. Take the payment "
    "another way, and let the owner look at the key."
)
_NEED_CLIENT = {"authentication_required", "payment_intent_authentication_failure"}
_WORDS = {
    "terminal_reader_offline": (
        "The card reader is offline. Nothing was charged. Look at its power and network, or use "
        "another way to pay."
    ),
    "terminal_reader_busy": (
        "The card reader asks for another payment. Nothing was charged. Finish or cancel that one, "
        "or use another reader."
    ),
    "amount_too_small": (
        "The amount is too small for a card. Nothing was charged. Take it another way."
    ),
    "amount_too_large": (
        "The amount is too large for one card payment. Nothing was charged. Split it, or take it "
        "another way."
    ),
    "charge_already_refunded": (
        "All of this charge went back to the card already. Nothing was done."
    ),
    "charge_disputed": (
        "The client has asked the bank for this money. It cannot be refunded as well. Nothing was "
        "done."
    ),
    "balance_insufficient": (
        "There is not enough money at the processor yet. Nothing was done. Try again when more has "
        "come in, or pay it by hand."
    ),
    "account_invalid": "The processor does not know this account. Nothing was done.",
}
# The reader may have got it and its answer was lost.
_NOT_KNOWN = {"terminal_reader_timeout", "lock_timeout", "idempotency_key_in_use"}


@contextmanager
def told() -> Iterator[None]:
    """Raise Declined, NeedsClient, Rejected or Unclear in the place of the SDK's errors."""
    try:
        yield
    except stripe.CardError as problem:
        raise _declined(problem) from problem
    except stripe.StripeError as problem:
        raise _other(problem) from problem


def code_of(problem: BaseException | None) -> str:
    """The processor's code of an error, empty where it gave none."""
    return str(getattr(problem, "code", "") or "")


def _declined(problem: stripe.CardError) -> Declined:
    error = _error(problem)
    said = decline(error.get("code") or "", error.get("decline_code") or "")
    intent = error.get("payment_intent")
    payment = stripe_answers.payment(intent) if intent else None
    kind = NeedsClient if {error.get("code"), said.code} & _NEED_CLIENT else Declined
    return kind(said, payment)


def _error(problem: stripe.StripeError) -> dict:
    body = problem.json_body
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _other(problem: stripe.StripeError) -> GatewayError:
    if isinstance(problem, stripe.AuthenticationError | stripe.PermissionError):
        return Rejected(NO_LOGIN)
    code = code_of(problem)
    # A key that was used with other parameters did something once: what, is to be found out.
    if not isinstance(problem, stripe.InvalidRequestError) or code in _NOT_KNOWN:
        return Unclear(NO_ANSWER)
    words = _WORDS.get(code)
    return Rejected(words or f"The processor refused: {problem.user_message} Nothing was done.")
