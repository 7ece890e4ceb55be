"""Why a card was declined, for the desk."""

import pytest

from cards import decline_words
from cards.decline_words import decline, refund_failure

CODES = sorted(decline_words._WORDS)


@pytest.mark.parametrize("code", CODES)
def test_each_says_what_happened_what_did_not_and_what_to_do(code):
    said = decline("card_declined", code).said
    happened, nothing, then = said.partition("Nothing was charged.")
    assert nothing
    assert happened.strip().endswith((".", "!"))
    assert then.strip().endswith(".")


def test_the_bank_s_code_tells_more_than_the_processor_s():
    assert decline("card_declined", "insufficient_funds").code == "insufficient_funds"
    assert "enough money" in decline("card_declined", "insufficient_funds").said
    assert "has expired" in decline("expired_card").said


def test_a_code_that_nobody_knows_is_a_plain_decline():
    found = decline("card_declined", "moon_in_the_wrong_house")
    assert found.code == "moon_in_the_wrong_house"
    assert found.said == decline("generic_decline").said


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "fraudulent", "pickup_card"])
def test_what_may_not_be_told_reads_like_any_other(code):
    assert decline("card_declined", code).said == decline("generic_decline").said


def test_a_refund_s_failure_has_words_and_no_failure_has_none():
    assert refund_failure("") == ""
    assert refund_failure("expired_or_canceled_card") == "The card is expired or canceled."
    assert refund_failure("something new") == "The card's bank did not take the money."
