"""The answer to a Question: which fates, what fee, what the client is told.

Its fields stand on a sheet of the book's own form, so all their names begin with "fate-".
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from typing import Any

from django import forms
from djmoney.money import Money

from deposits.fates.checks import Answer, Wish
from deposits.fates.consequences import sentence_of
from deposits.fates.question import CARRY, SPLIT, TRANSFER, Question
from deposits.models import Fate
from salon import said
from salon.forms import HiddenAmount, MoneyInput
from salon.money import money

Kind = Fate.Kind

PREFIX = "fate"
PARTS = [str(Kind.KEPT), str(Kind.REFUNDED), str(Kind.FORFEITED), str(Kind.MOVED), TRANSFER]
"""Names of the fields that a split is typed into."""


class FateForm(forms.Form):
    """`question` is asked; `data` may be all that the sheet sent."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    held = MoneyInput(widget=HiddenAmount, allow_zero=True)
    how = forms.CharField(required=False, max_length=12)
    kept = MoneyInput(label="Kept as account balance", required=False, allow_zero=True)
    refunded = MoneyInput(label="Refunded to the card", required=False, allow_zero=True)
    forfeited = MoneyInput(label="Forfeited", required=False, allow_zero=True)
    moved = MoneyInput(label="Moved to another visit", required=False, allow_zero=True)
    transfer = MoneyInput(label="Given with the visit", required=False, allow_zero=True)
    to = forms.CharField(required=False, max_length=40)
    reason = forms.CharField(label="Why, if not as the policy says", required=False, max_length=240)
    fee = MoneyInput(label="Fee", required=False, allow_zero=True)
    waive_reason = forms.CharField(
        label="Why less than the policy says", required=False, max_length=200
    )
    tell = forms.BooleanField(required=False)
    told = forms.CharField(
        label="What the client is told",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, question: Question) -> None:
        self.question = question
        super().__init__(
            data, prefix=PREFIX, initial=_initial(question), use_required_attribute=False
        )
        for name in PARTS:
            self.fields[name].widget.attrs |= {"data-fate-part": name, "placeholder": "0.00"}
        for name in [*PARTS, "fee"]:
            # Not said to be optional: which of them are filled in is the question.
            self.fields[name].is_one_of = True  # type: ignore[attr-defined]
        if not question.may_waive:
            self.fields["fee"].widget.attrs["readonly"] = True

    @property
    def wishes(self) -> list[Wish]:
        """Once it is valid: what becomes of all that is held; nothing where it is carried along."""
        wishes: list[Wish] = self.cleaned_data["wishes"]
        return wishes

    @property
    def answer(self) -> Answer:
        """Once it is valid: all that it says of what is held."""
        question = self.question
        return Answer(
            occasion=question.occasion,
            wishes=self.wishes,
            uuid=self.cleaned_data["uuid"],
            reason=self.cleaned_data["reason"],
            policy=f"{question.preselected}: {question.why}",
            told=self.told_to_client,
        )

    @property
    def is_carried(self) -> bool:
        return self.cleaned_data["how"] == CARRY

    @property
    def fee_wanted(self) -> Money:
        """Zero where it is waived."""
        amount: Money = self.cleaned_data["fee"]
        return amount

    @property
    def told_to_client(self) -> str:
        """What the e-mail says of the money; empty where nobody is told.

        The words that the sheet proposed follow what was chosen; words of the desk's own stay.
        """
        question = self.question
        if not (question.email and self.cleaned_data["tell"]):
            return ""
        typed = self.cleaned_data["told"].strip()
        if typed and typed != question.consequence.sentence:
            return typed
        parts = [(wish.kind, wish.amount) for wish in self.wishes]
        taken = sum((amount for kind, amount in parts if kind == Kind.FORFEITED), money(0))
        rest = max(self.fee_wanted - taken, money(0))
        return sentence_of(question.visit, question.held, parts, rest)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        cleaned["wishes"] = []
        if self.question.held:
            self._clean_held(cleaned)
        elif cleaned.get("held"):
            self.add_error(
                None,
                "Nothing is held for this visit any more: that changed a moment ago. "
                "Look it over and go on.",
            )
        self._clean_fee(cleaned)
        return cleaned

    def _clean_held(self, cleaned: dict[str, Any]) -> None:
        amount = said.amount(self.question.amount)
        how = cleaned.get("how", "")
        if how not in self._choices():
            self.add_error("how", f"{amount} is held for this visit. Say what becomes of it.")
        elif cleaned.get("held") != self.question.amount:
            self.add_error(
                "how",
                f"{amount} is held for this visit now: that changed a moment ago. Look it over "
                "and go on.",
            )
        elif how == CARRY:
            if not cleaned.get("reason", "").strip():
                self.add_error("reason", "Say why it is carried along all the same.")
        else:
            cleaned["wishes"] = self._split(cleaned) if how == SPLIT else self._whole(how, cleaned)

    def _choices(self) -> list[str]:
        own = [self.question.own] if self.question.own else []
        return [*own, *Kind.values, SPLIT]

    def _whole(self, how: str, cleaned: dict[str, Any]) -> list[Wish]:
        question = self.question
        if how == Kind.REFUNDED and question.held.to_card:
            rest = question.amount - question.held.to_card
            kept = [Wish(Kind.KEPT, rest)] if rest else []
            return [Wish(Kind.REFUNDED, question.held.to_card), *kept]
        return [self._wish(how, question.amount, cleaned)]

    def _split(self, cleaned: dict[str, Any]) -> list[Wish]:
        wishes = [
            self._wish(name, amount, cleaned) for name in PARTS if (amount := cleaned.get(name))
        ]
        total = sum((wish.amount for wish in wishes), money(0))
        if total != self.question.amount and not self.errors:
            self.add_error(
                "how",
                f"The parts make {said.amount(total)}, and {said.amount(self.question.amount)} is "
                "held for this visit. Make them add up.",
            )
        return wishes

    def _wish(self, name: str, amount: Money, cleaned: dict[str, Any]) -> Wish:
        if name == TRANSFER and self.question.own == TRANSFER:
            return Wish(Kind.MOVED, amount, self.question.visit)
        if name != Kind.MOVED:
            return Wish(name, amount)
        target = next(
            (one for one in self.question.targets if str(one.uuid) == cleaned.get("to")), None
        )
        if target is None and "to" not in self.errors:
            self.add_error("to", "Choose the visit that it moves to.")
        return Wish(Kind.MOVED, amount, target)

    def _clean_fee(self, cleaned: dict[str, Any]) -> None:
        due, question = self.question.fee, self.question
        typed = cleaned.get("fee")
        if not due:
            cleaned["fee"] = money(0)
        elif "fee" in self.errors:
            return
        elif typed is None:
            self.add_error("fee", f"A fee of {said.amount(due)} is due. Say what is charged.")
        elif typed > due:
            self.add_error("fee", f"The policy’s fee is {said.amount(due)}. Enter no more.")
        elif typed < due and not question.may_waive:
            self.add_error(
                "fee",
                f"Your role may not waive or lower a fee. It is {said.amount(due)}. Ask a manager.",
            )
        elif typed < due and not cleaned.get("waive_reason", "").strip():
            self.add_error("waive_reason", "Say why the client is let off.")


def _initial(question: Question) -> dict[str, Any]:
    """The policy's answer."""
    initial: dict[str, Any] = {
        "uuid": uuids.uuid4(),
        "held": question.amount,
        "how": question.preselected if question.held else "",
        "fee": question.fee,
        "tell": bool(question.email),
        "told": question.consequence.sentence,
    }
    if question.preselected == SPLIT:
        initial |= {str(kind): amount for kind, amount in question.consequence.parts}
    return initial
