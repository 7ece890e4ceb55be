"""Rows of deposits: what is asked, what was agreed to, what became of the money."""

from deposits.models.acceptances import PolicyAcceptance
from deposits.models.fates import Decision, Fate
from deposits.models.fees import Fee
from deposits.models.requests import DepositRequest
from deposits.models.rules import ClientDeposit, DepositRule, DepositTerms, ServiceDeposit
from deposits.models.settings import BookingSettings, BookingSite

__all__ = [
    "BookingSettings",
    "BookingSite",
    "ClientDeposit",
    "Decision",
    "DepositRequest",
    "DepositRule",
    "DepositTerms",
    "Fate",
    "Fee",
    "PolicyAcceptance",
    "ServiceDeposit",
]
