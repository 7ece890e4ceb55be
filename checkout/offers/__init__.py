"""This floor's own offers, in the order in which the order page shows them."""

from checkout import offering
from checkout.offers import lines, payments


def register() -> None:
    """Called once, when the program starts."""
    for line in (
        lines.ServiceOffer(),
        lines.ProductOffer(),
        lines.AccountCreditsOffer(),
        lines.CustomOffer(),
    ):
        offering.offer_line(line)
    for payment in (
        payments.CreditsOffer(),
        payments.CardOffer(),
        payments.CashOffer(),
        payments.CheckOffer(),
        payments.CustomPaymentOffer(),
    ):
        offering.offer_payment(payment)
