"""The test numbers, and what each card does. They are Stripe's own, so that hands know them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why a card is not charged, as Stripe says it."""

    code: str
    decline_code: str
    message: str


DECLINED = Refusal("card_declined", "generic_decline", "Your card was declined.")
NO_FUNDS = Refusal("card_declined", "insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Refusal("expired_card", "expired_card", "Your card has expired.")
LOST = Refusal("card_declined", "lost_card", "Your card was declined.")
WRONG_CVC = Refusal("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
WRONG_NUMBER = Refusal("incorrect_number", "incorrect_number", "Your card number is incorrect.")
PROCESSING = Refusal(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NOT_A_TEST_CARD = Refusal(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
)
NEEDS_CLIENT = Refusal(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_CONFIRMED = Refusal(
    "payment_intent_authentication_failure",
    "",
    "We are unable to authenticate your payment method. Please choose a different payment method "
    "and try again.",
)


@dataclass(frozen=True)
class TestCard:
    """One number. `refusal` comes at every charge, and while saving unless it `saves` first."""

    __test__ = False  # Not a class of tests, whatever pytest thinks of its name.

    number: str
    does: str
    brand: str = "visa"
    refusal: Refusal | None = None
    saves: bool = False
    asks: bool = False
    """3-D Secure: confirmed on a page; off-session it is refused."""
    refund: str = ""
    """What becomes of a refund later: failed or succeeded (it is pending until then)."""
    is_disputed: bool = False

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        """The number as it stands on a card."""
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))


CARDS = [
    TestCard("4242424242424242", "Pays"),
    TestCard("5555555555554444", "Pays, a Mastercard", brand="mastercard"),
    TestCard("4000002500003155", "Asks for 3-D Secure", asks=True),
    TestCard("4000000000000002", "Is declined", refusal=DECLINED),
    TestCard("4000000000009995", "Has not enough money", refusal=NO_FUNDS),
    TestCard("4000000000000069", "Has expired", refusal=EXPIRED),
    TestCard("4000000000009987", "Was reported lost", refusal=LOST),
    TestCard("4000000000000119", "Meets an error at its bank", refusal=PROCESSING),
    TestCard("4000000000000341", "Can be saved, is declined later", refusal=DECLINED, saves=True),
    TestCard("4000000000005126", "Pays; a refund fails later", refund="failed"),
    TestCard("4000000000007726", "Pays; a refund takes a while", refund="succeeded"),
    TestCard("4000000000000259", "Pays, and is disputed soon after", is_disputed=True),
]
_BY_NUMBER = {card.number: card for card in CARDS}


def card_for(typed: str) -> TestCard:
    """The card with a number as somebody typed it; one that is not for tests is declined."""
    digits = "".join(ch for ch in typed if ch.isdigit())
    refusal = NOT_A_TEST_CARD if is_number(digits) else WRONG_NUMBER
    return _BY_NUMBER.get(digits) or TestCard(digits or "0000", "Unknown", refusal=refusal)


def is_number(digits: str) -> bool:
    """True for 13 to 19 digits with the right last one (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return 13 <= len(digits) <= 19 and total % 10 == 0
