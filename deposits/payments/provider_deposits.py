"""Whose account takes a deposit: the house's, or that of the provider who will earn it.

Where the owner says so, a deposit for a visit that one provider alone gives goes on to their own
account at the processor as soon as it is paid. They hold it for the client then: redeemed with
them it is what they earned; spent elsewhere, they owe it to the house; refunded, it comes back.
"""

from appointments.models import Appointment
from deposits.models import BookingSettings
from deposits.models.settings import DepositsGoTo
from salon.models import MerchantAccount


def holder_for(visit: Appointment) -> MerchantAccount | None:
    """Who takes the deposit for a visit; None: the house. Two queries.

    The provider where all services are of people with one merchant account, connected to the
    processor.
    """
    if BookingSettings.current().deposits_go_to != DepositsGoTo.PROVIDER:
        return None
    rows = visit.services.select_related("staff__merchant_account")
    accounts = {row.staff.merchant_account for row in rows}
    if len(accounts) != 1:
        return None
    account = accounts.pop()
    if account is None or account.is_house or account.is_archived:
        return None
    return account if account.processor_account else None
