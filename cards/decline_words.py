"""Why a card was declined, in one plain sentence, and what to do next.

What Stripe's documentation asks not to tell (lost, stolen, suspected fraud) reads like any other
decline: the client may stand at the desk.
"""

from cards.gateway import Decline

NOTHING = "Nothing was charged."
ANOTHER = "Try another card, or take the payment another way."
_PLAIN = "The card was declined."
_CALL = "The bank declined the card and does not say why; the client can call the bank."
_NOT_FOR_THIS = "The card does not allow this kind of payment."
_ONLINE = "The number, the expiry date or the security code is not right."
_LATER = "The bank could not answer just now."

# What happened, what to do.
_WORDS: dict[str, tuple[str, str]] = {
    "insufficient_funds": ("There is not enough money on the card.", ANOTHER),
    "withdrawal_count_limit_exceeded": ("The card is over its limit.", ANOTHER),
    "card_velocity_exceeded": ("The card is over its limit.", ANOTHER),
    "card_decline_rate_limit_exceeded": (
        "The card was declined too often today.",
        "It can be tried again tomorrow; use another card for now.",
    ),
    "expired_card": ("The card has expired.", ANOTHER),
    "incorrect_number": (_ONLINE, "Type it again, or try another card."),
    "invalid_number": (_ONLINE, "Type it again, or try another card."),
    "incorrect_cvc": (_ONLINE, "Type it again, or try another card."),
    "invalid_cvc": (_ONLINE, "Type it again, or try another card."),
    "invalid_expiry_month": (_ONLINE, "Type it again, or try another card."),
    "invalid_expiry_year": (_ONLINE, "Type it again, or try another card."),
    "incorrect_zip": ("The postal code is not the bank's.", "Type it again, or try another card."),
    "incorrect_address": ("The address is not the bank's.", "Type it again, or try another card."),
    "incorrect_pin": ("The PIN is wrong.", "Try again with the right PIN."),
    "invalid_pin": ("The PIN is wrong.", "Try again with the right PIN."),
    "pin_try_exceeded": ("The PIN was wrong too often.", ANOTHER),
    "offline_pin_required": ("The card wants its PIN.", "Insert the card and type the PIN."),
    "online_or_offline_pin_required": (
        "The card wants its PIN.",
        "Insert the card and type the PIN.",
    ),
    "authentication_required": (
        "The bank wants the client to confirm this payment.",
        "Send it to the client's phone, or take the payment another way.",
    ),
    "payment_intent_authentication_failure": (
        "The client did not confirm the payment to the bank.",
        "Try again, or try another card.",
    ),
    "setup_intent_authentication_failure": (
        "The client did not confirm the card to the bank.",
        "Try again, or try another card.",
    ),
    "mobile_device_authentication_required": (
        "The phone wants its owner to confirm.",
        "Let the client confirm on the phone and try again.",
    ),
    "processing_error": (_LATER, "Try again in a moment."),
    "issuer_not_available": (_LATER, "Try again in a moment."),
    "reenter_transaction": (_LATER, "Try again in a moment."),
    "try_again_later": (_LATER, "Try again in a moment."),
    "approve_with_id": (_LATER, "Try again in a moment."),
    "duplicate_transaction": (
        "The bank has just seen the same payment.",
        "Look whether it was paid already before trying again.",
    ),
    "card_not_supported": (_NOT_FOR_THIS, ANOTHER),
    "currency_not_supported": ("The card does not pay in this currency.", ANOTHER),
    "not_permitted": (_NOT_FOR_THIS, ANOTHER),
    "service_not_allowed": (_NOT_FOR_THIS, ANOTHER),
    "transaction_not_allowed": (_NOT_FOR_THIS, ANOTHER),
    "restricted_card": (_NOT_FOR_THIS, ANOTHER),
    "invalid_amount": ("The bank does not allow this amount.", ANOTHER),
    "invalid_account": ("The card or its account does not work.", ANOTHER),
    "new_account_information_available": ("The card or its account does not work.", ANOTHER),
    "stop_payment_order": ("The client has stopped payments of this kind at the bank.", ANOTHER),
    "revocation_of_authorization": (
        "The client has stopped payments of this kind at the bank.",
        ANOTHER,
    ),
    "revocation_of_all_authorizations": (
        "The client has stopped payments of this kind at the bank.",
        ANOTHER,
    ),
    "call_issuer": (_CALL, ANOTHER),
    "do_not_honor": (_CALL, ANOTHER),
    "do_not_try_again": (_CALL, ANOTHER),
    "no_action_taken": (_CALL, ANOTHER),
    "security_violation": (_CALL, ANOTHER),
    "generic_decline": (_PLAIN, ANOTHER),
    "fraudulent": (_PLAIN, ANOTHER),
    "lost_card": (_PLAIN, ANOTHER),
    "stolen_card": (_PLAIN, ANOTHER),
    "pickup_card": (_PLAIN, ANOTHER),
    "merchant_blacklist": (_PLAIN, ANOTHER),
    "highest_risk_level": (_PLAIN, ANOTHER),
    "testmode_decline": ("This number works in tests only.", "Use a real card."),
    "test_mode_live_card": (
        "Only test numbers work while the processor is a test.",
        "Use one of its test cards.",
    ),
}

_REFUND_WORDS = {
    "expired_or_canceled_card": "The card is expired or canceled.",
    "lost_or_stolen_card": "The bank does not take money for this card any more.",
    "declined": "The bank did not take the money.",
    "charge_for_pending_refund_disputed": "The client has asked the bank for the money instead.",
    "insufficient_funds": "The processor's balance is too low for it.",
    "merchant_request": "It was stopped at the processor.",
}


def decline(code: str, decline_code: str = "") -> Decline:
    """A decline in the desk's words; `decline_code` is the bank's and tells more, where it is."""
    found = next((it for it in (decline_code, code) if it in _WORDS), "generic_decline")
    happened, then = _WORDS[found]
    return Decline(decline_code or code or "generic_decline", f"{happened} {NOTHING} {then}")


def happened_to_holder(failure: str) -> str:
    """What happened, for whoever holds the card: the desk's words may speak of "the client"."""
    happened, nothing, _ = failure.partition(NOTHING)
    if not nothing:
        return "The payment did not go through."
    return "The card was declined." if "client" in happened else happened.strip()


def refund_failure(reason: str) -> str:
    """Why the card refused a refund, for the desk; empty for no reason."""
    if not reason:
        return ""
    return _REFUND_WORDS.get(reason, "The card's bank did not take the money.")
