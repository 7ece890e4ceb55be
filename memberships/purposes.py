"""What card payments of this app are for, by code, and what they name as their reference."""

ENROLMENT = "enrolment"
"""An enrolment online, by its uuid."""
PERIOD = "membership"
"""A billing period, by its uuid."""
CAUSE = "membership"
"""What entries of this app name as their cause: a membership, by its uuid."""
LINE = "membership"
"""The kind of line that sells a period."""
FEE_LINE = "joining_fee"


def register_purposes() -> None:
    """Called once, when the program starts."""
    from memberships.enrolling.purpose import register_enrolment_purpose
    from memberships.renewing.purpose import register_period_purpose

    register_enrolment_purpose()
    register_period_purpose()
