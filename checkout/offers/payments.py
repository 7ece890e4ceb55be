"""How the desk takes credit, card, cash, check, and what the owner's own buttons say."""

from collections.abc import Mapping
from itertools import chain, repeat
from typing import Any

from djmoney.money import Money

from checkout.forms.base import ActForm
from checkout.forms.payments import CashForm, CreditsForm, CustomPaymentForm, ReferenceForm
from checkout.models import CustomPayment, Tender
from checkout.offering import Button, PaymentOffer
from checkout.presenting import OrderPage
from checkout.tendering import take_tender
from salon import said
from salon.forms import AmountInput
from salon.money import minor, money

BILLS = (500, 1000, 2000, 5000, 10000)
"""Cash is handed over in these, minor units."""


def typed(amount: Money) -> str:
    """An amount as one would type it: 1200.50."""
    return AmountInput().format_value(amount) or ""


def next_bills(due: Money) -> list[Money]:
    """What people hand over for an amount: rounded up to a bill or several, at most three ways."""
    cents = minor(due)
    ways = sorted({-(-cents // bill) * bill for bill in BILLS} - {cents})
    return [money(way) for way in ways[:3]]


class CreditsOffer(PaymentOffer):
    """The green button: what the client has here, and so much of it as the order takes."""

    kind = "credits"
    template = "checkout/_pay_credits.html"
    form = CreditsForm

    def buttons(self, page: OrderPage) -> list[Button]:
        if page.client is None or not page.balances_on:
            return []
        available = page.credit.available
        return [
            Button(
                "Credits",
                "credit",
                key="c",
                note=f"{said.amount(available)} available",
                look="button-credits",
                is_disabled=not page.credit.most,
            )
        ]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": page.credit.most}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        credit = page.credit
        uses = credit.says_what_it_uses(page.desk.business_date)
        form["amount"].help_text = f"{said.amount(credit.available)} available. {uses}".strip()
        quick = [part for part in (money(5000), money(2000)) if part < credit.most]
        return {"most": typed(credit.most), "quick": quick}

    def take(self, page: OrderPage, form: CreditsForm) -> Tender:
        return take_tender(
            order=page.order,
            kind=self.kind,
            amount=form.cleaned_data["amount"],
            desk=page.desk,
            **form.identity,
        )


class CashOffer(PaymentOffer):
    kind = "cash"
    template = "checkout/_pay_cash.html"
    form = CashForm

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Cash", "cash", key="k")]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": page.totals.remaining, "given": page.totals.remaining}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        due = page.totals.remaining
        bills = [(typed(bill), bill) for bill in next_bills(due)]
        return {"quick": bills, "remaining": typed(due)}

    def take(self, page: OrderPage, form: CashForm) -> Tender:
        return take_tender(
            order=page.order,
            kind=self.kind,
            amount=form.taken,
            cash_given=form.cleaned_data["given"],
            desk=page.desk,
            **form.identity,
        )


class _WithReference(PaymentOffer):
    """Taken outside of this program, and recorded."""

    template = "checkout/_pay_reference.html"
    form = ReferenceForm
    label: str
    icon: str
    key = ""
    words: str

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button(self.label, self.icon, key=self.key)]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": page.totals.remaining}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        form["reference"].help_text = self.words
        return {
            "label": self.label,
            "icon": self.icon,
            "remaining": typed(page.totals.remaining),
            "most": typed(page.totals.remaining),
        }

    def take(self, page: OrderPage, form: Any) -> Tender:
        return take_tender(
            order=page.order,
            kind=self.kind,
            amount=form.cleaned_data["amount"],
            reference=form.cleaned_data["reference"],
            custom=form.cleaned_data.get("custom"),
            desk=page.desk,
            **form.identity,
        )


class CardOffer(_WithReference):
    """On a terminal that is not connected: charged there, recorded here with its reference."""

    kind = "card"
    label = "Card"
    icon = "card"
    key = "d"
    words = "Charge it on the terminal first. The approval code or last four digits from its slip."


class CheckOffer(_WithReference):
    kind = "check"
    label = "Check"
    icon = "cheque"
    key = "h"
    words = "The number of the check."


class CustomPaymentOffer(_WithReference):
    """The owner's own buttons: one for each custom payment."""

    kind = "custom"
    form = CustomPaymentForm
    label = "Other"
    icon = "tag"
    words = "What ties it to its paper."

    def buttons(self, page: OrderPage) -> list[Button]:
        return [
            Button(custom.name, "tag", key=key, query=f"custom={custom.pk}")
            for custom, key in zip(
                page.custom_payments, chain("123456789", repeat("")), strict=False
            )
        ]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return super().initial(page, asked) | {"custom": asked.get("custom", "")}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        chosen = self._chosen(page, str(form["custom"].value() or ""))
        shows = super().shows(page, form, asked)
        return shows | {"label": chosen.name if chosen else self.label}

    def _chosen(self, page: OrderPage, pk: str) -> CustomPayment | None:
        return next((custom for custom in page.custom_payments if str(custom.pk) == pk), None)
