"""What became of a deposit, in the words of the desk."""

from __future__ import annotations

from appointments.times import when
from checkout.tender_kinds import kind_of
from deposits.models import Decision, Fate
from salon import said

Kind = Fate.Kind


def sentences_of(decision: Decision) -> list[str]:
    """A sentence for each part, for the page after it was done. Three queries at most for each."""
    return [sentence_of(fate) for fate in decision.fates.select_related("to_appointment__location")]


def sentence_of(fate: Fate) -> str:
    """$30.00 is account balance now."""
    amount = said.amount(fate.amount)
    if fate.kind == Kind.REFUNDED:
        return " ".join(_back(fate))
    if fate.to_appointment:
        return f"{amount} is held for {when(fate.to_appointment)} now."
    ending = "is account balance now" if fate.kind == Kind.KEPT else "is forfeited"
    return f"{amount} {ending}."


def _back(fate: Fate) -> list[str]:
    """By the payments that paid: what comes by itself, and what somebody has to do by hand."""
    sentences = []
    for refund in fate.refunds.prefetch_related("parts__tender"):
        for part in refund.parts.all():
            amount, card = said.amount(part.amount), part.tender.reference
            if days := kind_of(part.tender).when_back:
                sentences.append(f"{amount} goes back to {card or 'the card'}, {days}.")
            else:
                which = f" ({card})" if card else ""
                sentences.append(f"Give {amount} back to the card{which} on its terminal.")
    return sentences
