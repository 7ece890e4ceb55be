"""A till's forms: counting it, and moving cash by hand."""

import uuid as uuids
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from djmoney.money import Money

from checkout.models import TillSession
from checkout.tills.denominations import Piece, pieces
from checkout.tills.moving import LONGEST_REASON
from salon import said
from salon.forms import AmountInput, MoneyInput, RefusableForm
from salon.money import minor, money

MOST_PIECES = 9_999
_INCOMPLETE = "This form came in incomplete. Nothing was done. Load the page again."


class TillForm(RefusableForm):
    """`uuid` names the act: the same form sent twice does it once."""

    uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), _INCOMPLETE)
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        given = {"uuid": uuids.uuid4(), **(initial or {})}
        super().__init__(data, initial=given, use_required_attribute=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors.pop("uuid", None):
            raise ValidationError(_INCOMPLETE)
        return cleaned


class CountForm(TillForm):
    """What is in the drawer: by notes and coins, by the total, or both, which then agree."""

    counted = MoneyInput(
        label="Counted in the drawer",
        allow_zero=True,
        widget=AmountInput({"data-counted": ""}),
        error_messages={"required": "Enter what you counted; 0 for an empty drawer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = pieces()
        for piece in self.pieces:
            self.fields[_name(piece)] = _pieces_field(piece)
        self.fields["counted"].required = not self.is_by_pieces
        first = next(iter(self.pieces), None)
        self.fields[_name(first) if first else "counted"].widget.attrs["autofocus"] = True

    @property
    def rows(self) -> list[tuple[Piece, Any]]:
        """Each note and coin with its box."""
        return [(piece, self[_name(piece)]) for piece in self.pieces]

    @property
    def is_by_pieces(self) -> bool:
        """Whether notes or coins were filled in, rightly or not."""
        return any(self.data.get(_name(piece), "").strip() for piece in self.pieces)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.fields["counted"].required = True  # Shown again, it is not called optional.
        if any(_name(piece) in self.errors for piece in self.pieces) or "counted" in self.errors:
            return cleaned
        numbers = {piece: cleaned.get(_name(piece)) for piece in self.pieces}
        made = sum(piece.value * (number or 0) for piece, number in numbers.items())
        total: Money | None = cleaned.get("counted")
        if any(number is not None for number in numbers.values()):
            self._agree(total, made)
            cleaned["counted"] = money(made)
        return cleaned

    def _agree(self, total: Money | None, made: int) -> None:
        if total is not None and minor(total) != made:
            self.add_error(
                "counted",
                f"The notes and coins make {said.amount(money(made))}, the total says "
                f"{said.amount(total)}. Correct one of them, or clear the total.",
            )


class OpenTillForm(CountForm):
    """The float."""


class CloseTillForm(CountForm):
    """`shown` is the expected that the page told, in minor units; it may be below zero."""

    shown = forms.IntegerField(
        min_value=-(2**53),
        max_value=2**53,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _INCOMPLETE
        ),
    )
    left_in = MoneyInput(
        label="Stays in the till",
        allow_zero=True,
        widget=AmountInput({"data-left-in": ""}),
        help_text="The next float. The rest goes to the safe.",
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=240,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Say it in at most 240 characters."},
    )

    @classmethod
    def of(cls, session: TillSession, expected: Money) -> "CloseTillForm":
        """Begun for a session, with its float to stay in."""
        return cls(
            initial={
                "uuid": session.uuid,
                "shown": minor(expected),
                "left_in": max(min(session.float, expected), money(0)),
            }
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors.pop("shown", None):
            raise ValidationError(_INCOMPLETE)
        return cleaned


class MoveForm(TillForm):
    """Cash paid in or out. `safe`: from or to the safe, which says enough by itself."""

    amount = MoneyInput(widget=AmountInput({"autofocus": True}))
    where = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[],
        error_messages={
            "required": "Choose where the cash comes from or goes.",
            "invalid_choice": "Choose one of the two.",
        },
    )
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Say it in at most {LONGEST_REASON} characters."},
    )
    question: ClassVar[str]
    choices: ClassVar[list[tuple[str, str]]]
    hint: ClassVar[str]
    nothing: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].label = self.question
        self.fields["where"].choices = self.choices  # type: ignore[attr-defined]
        reason = self.fields["reason"]
        reason.required = self.data.get("where") != "safe"
        reason.help_text = self.hint
        reason.error_messages["required"] = f"Say what it is for. {self.nothing}"

    @property
    def is_safe(self) -> bool:
        return bool(self.cleaned_data["where"] == "safe")


class PayInForm(MoveForm):
    question = "Where it comes from"
    choices = [("safe", "The safe"), ("other", "Other money")]
    hint = "Like “Sold the old chair”. Not needed for the safe."
    nothing = "Nothing was paid in."


class PayOutForm(MoveForm):
    question = "Where it goes"
    choices = [("other", "An expense"), ("safe", "The safe")]
    hint = "Like “Milk”. Not needed for the safe."
    nothing = "Nothing was paid out."


def _name(piece: Piece) -> str:
    return f"{'coin' if piece.is_coin else 'note'}_{piece.value}"


def _pieces_field(piece: Piece) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{piece.label} {'coins' if piece.is_coin else 'notes'}",
        required=False,
        min_value=0,
        max_value=MOST_PIECES,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "data-piece": piece.value}
        ),
        error_messages={
            "invalid": f"{piece.label}: enter how many there are, like 12.",
            "min_value": f"{piece.label}: enter how many there are, like 12.",
            "max_value": f"{piece.label}: enter at most {MOST_PIECES}.",
        },
    )
