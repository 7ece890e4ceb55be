"""This floor's own offers, in the order in which the order page shows them."""

from checkout import offering
from checkout.offers import charges, credits, deposits, lines, payments, tips


def register() -> None:
    """Called once, when the program starts."""
    for line in (
        lines.ServiceOffer(),
        lines.ProductOffer(),
        lines.AccountCreditsOffer(),
        deposits.DepositOffer(),
        lines.CustomOffer(),
        tips.TipOffer(),
    ):
        offering.offer_line(line)
    for payment in (
        credits.CreditsOffer(),
        charges.ChargeOffer(),
        payments.CardOffer(),
        payments.CashOffer(),
        payments.CheckOffer(),
        payments.CustomPaymentOffer(),
    ):
        offering.offer_payment(payment)
