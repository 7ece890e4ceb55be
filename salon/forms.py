"""Form parts that every app uses: amounts of money, what a verb refuses, and logging in."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from djmoney.money import Money
from moneyed import get_currency

from salon import said
from salon.errors import Refusal
from salon.money import currency, money

MOST = 1_000_000
"""No amount typed at a desk is above this, in whole units of the currency."""

_NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d*)(\.(?P<cents>\d*))?", re.ASCII)
_NEGATIVE = re.compile(r"[-−–(]")


class RefusableForm(forms.Form):
    """A form whose act may be refused although it is filled in right."""

    def refuse(self, refusal: Exception) -> None:
        """Put a verb's refusal next to the field that it is about."""
        field = refusal.field if isinstance(refusal, Refusal) else ""
        self.add_error(field if field in self.fields else None, str(refusal))


class AmountInput(forms.TextInput):
    """A box for an amount: a tablet's keypad, a money sign before it (django/forms/field.html)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = attrs or {}
        look = f"money {given.get('class', '')}".strip()
        super().__init__(
            {
                "inputmode": "decimal",
                "autocomplete": "off",
                "data-money": "",
                **given,
                "class": look,
            }
        )

    def format_value(self, value: Any) -> str | None:
        """An initial Money as one would type it: 40.00."""
        if isinstance(value, Money):
            return f"{value.amount:.{_decimals()}f}"
        return super().format_value(value)


class HiddenAmount(forms.HiddenInput):
    """An amount that the page was drawn with, beside the one that is typed."""

    def format_value(self, value: Any) -> str | None:
        return AmountInput().format_value(value)


class MoneyInput(forms.Field):
    """An amount above zero, as Money. Takes "40", "$40.00", "1,200.50"; says what is wrong else.

    `most`: the largest amount that makes sense here; `allow_zero`: for prices.
    """

    widget = AmountInput
    hidden_widget = HiddenAmount
    default_error_messages = {
        "required": "Enter an amount.",
        "not_a_number": "Enter an amount like 40 or 40.00.",
        "negative": "Enter the amount without a minus sign.",
        "zero": "Enter an amount above zero.",
        "fraction": "Enter at most %(digits)d digits after the point.",
        "no_fraction": "Enter a whole amount, without a point.",
        "too_much": "Enter at most %(most)s.",
    }

    def __init__(
        self, *, most: Money | None = None, allow_zero: bool = False, **kwargs: Any
    ) -> None:
        self.most = most
        self.allow_zero = allow_zero
        super().__init__(**kwargs)

    @property
    def currency_sign(self) -> str:
        """What stands before the box."""
        return said.amount(money(0)).strip("0.,\xa0 ")

    def to_python(self, value: Any) -> Money | None:
        if isinstance(value, Money):
            return value
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if _NEGATIVE.match(text):
            raise self._wrong("negative")
        return Money(self._number(text.removeprefix(self.currency_sign).strip()), currency())

    def validate(self, value: Money | None) -> None:
        super().validate(value)
        if value is None:
            return
        if not value and not self.allow_zero:
            raise self._wrong("zero")
        most = Money(MOST, currency()) if self.most is None else self.most
        if value > most:
            raise self._wrong("too_much", most=said.amount(most))

    def _number(self, text: str) -> Decimal:
        match = _NUMBER.fullmatch(text) if len(text) <= 30 else None
        if match is None or not any(character.isdigit() for character in text):
            raise self._wrong("not_a_number")
        digits = _decimals()
        if len((match["cents"] or "").rstrip("0")) > digits:
            raise self._wrong("fraction" if digits else "no_fraction", digits=digits)
        return Decimal(text.replace(",", ""))

    def _wrong(self, code: str, **figures: object) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=figures)


def _decimals() -> int:
    return len(str(get_currency(currency()).sub_unit)) - 1
