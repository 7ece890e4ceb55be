"""What to do with money that a card refused to take back. It only parses."""

from django import forms

from clients.models import Client
from salon.forms import RefusableForm

WAYS = [("again", "Try again"), ("balance", "To the account balance"), ("cash", "In cash")]
_INCOMPLETE = "This form came in incomplete. Nothing was done. Load the page again."


class RefusedForm(RefusableForm):
    """`tries` is what the page showed: how often the card was asked anew."""

    how = forms.ChoiceField(
        choices=WAYS, error_messages=dict.fromkeys(("required", "invalid_choice"), _INCOMPLETE)
    )
    tries = forms.IntegerField(
        min_value=0,
        max_value=2**15 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _INCOMPLETE
        ),
    )
    client = forms.ModelChoiceField(
        Client.objects.active(),
        required=False,
        error_messages={"invalid_choice": "Choose one of the clients that were found."},
    )

    @property
    def problems(self) -> list[str]:
        """Every error, once."""
        return list(dict.fromkeys(str(e) for errors in self.errors.values() for e in errors))
