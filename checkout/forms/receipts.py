"""Where a receipt is sent."""

from django import forms


class EmailReceiptForm(forms.Form):
    """`uuid` names the act: the same form sent twice sends one e-mail."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={
            "required": "Enter the address that the receipt goes to.",
            "invalid": "Enter an e-mail address like clara@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
