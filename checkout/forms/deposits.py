"""A deposit: for which visit of whom, how much."""

from django import forms

from appointments.models import Appointment
from checkout.forms.lines import NOT_A_CHOICE, AccountCreditsForm


class DepositForm(AccountCreditsForm):
    """The visits offered are those of the chosen client (checkout/adding_deposits.py)."""

    visit = forms.ModelChoiceField(
        Appointment.objects.select_related("location"),
        label="Which visit",
        required=False,
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )
