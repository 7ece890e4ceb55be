"""What cards pay for here: deposits and fees (cards/purposes.py)."""

DEPOSIT = "deposit"
"""The purpose of an attempt that pays a DepositRequest, which its reference names by uuid."""
FEE = "fee"
"""The purpose of an attempt that pays a Fee, which its reference names by uuid."""


def register_purposes() -> None:
    """Called once, when the program starts."""
    from cards import purposes
    from deposits.fees.purpose import FeePurpose
    from deposits.payments.purpose import register_deposit_purpose

    register_deposit_purpose()
    purposes.register(FeePurpose())
