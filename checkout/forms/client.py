"""Whose order it is."""

from typing import Any

from django import forms

from checkout.forms.base import ActForm
from checkout.forms.lines import NOT_A_CHOICE
from clients.models import Client
from clients.searching import find_clients

FOUND = 12


class ChooseClientForm(ActForm):
    """A client who was picked; the only one whom the typed text finds; or nobody, said so."""

    client = forms.ModelChoiceField(
        Client.objects.all(), required=False, error_messages={"invalid_choice": NOT_A_CHOICE}
    )
    client_q = forms.CharField(
        required=False, max_length=100, widget=forms.TextInput(attrs={"id": "find-client"})
    )
    walk_in = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[Client] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or cleaned.get("client") or cleaned.get("walk_in"):
            return cleaned
        typed = cleaned.get("client_q", "")
        self.found = find_clients(typed, FOUND) if typed else []
        if len(self.found) == 1:
            cleaned["client"] = self.found[0]
        elif self.found:
            self.add_error("client_q", "Choose one of the clients found.")
        elif typed:
            self.add_error("client_q", f"Nobody found for “{typed}”. Add them as a new client.")
        else:
            self.add_error("client_q", "Type a name, a phone number or an e-mail address.")
        return cleaned
