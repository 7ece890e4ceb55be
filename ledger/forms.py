"""Forms about a client's balance: adjusting it, and which part of the statement to see."""

import uuid
from typing import Any

from django import forms
from djmoney.money import Money

from ledger.kinds import AdjustReason, EntryKind, Restriction
from ledger.statement import Wanted
from salon import said
from salon.forms import AmountInput, MoneyInput

ADD, TAKE = "add", "take"


class RestrictionField(forms.ChoiceField):
    """What a gift may pay for; anything, where nothing is said."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value) or Restriction.ANY


class AdjustForm(forms.Form):
    """Add or take, and how much; `amount` comes out signed. `key`: a form sent twice acts once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    direction = forms.ChoiceField(
        label="Add or take",
        choices=[(ADD, "Add"), (TAKE, "Take away")],
        initial=ADD,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
        error_messages={
            "required": "Choose Add or Take away.",
            "invalid_choice": "Choose Add or Take away.",
        },
    )
    amount = MoneyInput(widget=AmountInput(attrs={"autofocus": True}))
    restriction = RestrictionField(
        label="It may pay for",
        choices=Restriction.choices,
        initial=Restriction.ANY,
        widget=forms.RadioSelect(attrs={"class": "segments"}),
        error_messages={"invalid_choice": "Choose what the gift may pay for."},
    )
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="It can be spent until the end of this day.",
        error_messages={"invalid": "Enter a day like 2026-11-24."},
    )
    reason = forms.ChoiceField(
        choices=AdjustReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose a reason."},
    )
    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Seen in the history. Needed for “Other”.",
    )

    def __init__(self, *args: Any, limit: Money | None = None, **kwargs: Any) -> None:
        """`limit`: what this role may adjust at once; adjust_balance checks it again."""
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("key", uuid.uuid4())
        amount = self.fields["amount"]
        if limit is not None and isinstance(amount, MoneyInput):
            said_limit = said.amount(limit)
            amount.most = limit
            amount.help_text = f"At most {said_limit} at a time."
            amount.error_messages["too_much"] = (
                f"Your role may adjust by at most {said_limit} at a time. "
                "Ask a manager or an owner."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == AdjustReason.OTHER and not cleaned.get("note"):
            self.add_error("note", "Say what it is for.")
        if cleaned.get("direction") == TAKE and cleaned.get("amount"):
            cleaned["amount"] = -cleaned["amount"]
        return cleaned

    @property
    def has_terms(self) -> bool:
        """Whether the part with the terms stands open: something is in it, or wrong with it."""
        names = ("restriction", "expires_on")
        if any(name in self.errors for name in names):
            return True
        restriction, expires_on = (self[name].value() for name in names)
        return bool(expires_on) or restriction not in (None, "", Restriction.ANY)


KINDS = {
    "bought": ("Credit bought", [EntryKind.SALE]),
    "used": ("Credit used", [EntryKind.TENDER, EntryKind.TENDER_BACK]),
    "refunds": ("Refunds", [EntryKind.REFUND]),
    "adjustments": ("Adjustments", [EntryKind.ADJUSTMENT]),
    "other": (
        "Everything else",
        [
            EntryKind.EXPIRY,
            EntryKind.FORFEIT,
            EntryKind.REVERSAL,
            EntryKind.LOT_CHANGE,
            EntryKind.MERGE,
            EntryKind.OPENING,
        ],
    ),
}


class StatementFilter(forms.Form):
    """Which rows of the statement. What can't be read is said, and the rest still filters."""

    kind = forms.ChoiceField(
        required=False,
        label="Show",
        choices=[("", "Everything"), *((key, label) for key, (label, _) in KINDS.items())],
        error_messages={"invalid_choice": "There is no such kind: everything is shown."},
    )
    start = forms.DateField(
        required=False,
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day like 2026-11-24."},
    )
    end = forms.DateField(
        required=False,
        label="To",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day like 2026-11-24."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "This day is before the first one.")
        return cleaned

    def wanted(self) -> Wanted:
        """What was asked for, as far as it makes sense."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        kinds = KINDS[chosen["kind"]][1] if chosen.get("kind") else ()
        return Wanted(kinds=kinds, start=chosen.get("start"), end=chosen.get("end"))
