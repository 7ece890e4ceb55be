"""How the desk takes card, cash, check, and what the owner's own buttons say."""

from collections.abc import Mapping
from itertools import chain, repeat
from typing import Any

from djmoney.money import Money

from cards import gateways
from checkout.allocating import says_what_is_barred
from checkout.errors import Refused
from checkout.forms.base import ActForm
from checkout.forms.payments import CashForm, CustomPaymentForm, ReferenceForm
from checkout.models import CustomPayment, Tender
from checkout.offering import Button, PaymentOffer
from checkout.presenting import OrderPage
from checkout.tendering import take_tender
from salon import said
from salon.forms import AmountInput
from salon.money import currency, minor, money

BILLS = (500, 1000, 2000, 5000, 10000)
"""Cash is handed over in these, minor units."""


def typed(amount: Money) -> str:
    """An amount as one would type it: 1200.50."""
    return AmountInput().format_value(amount) or ""


def quick(*whole: int) -> list[tuple[str, str]]:
    """Amounts for one press, in whole units: each as one would type it, and as the button says it.

    quick(25): 25.00 and $25.
    """
    amounts = [Money(units, currency()) for units in whole]
    return [(typed(amount), said.amount(amount).removesuffix(".00")) for amount in amounts]


def next_bills(due: Money) -> list[Money]:
    """What people hand over for an amount: rounded up to a bill or several, at most three ways."""
    cents = minor(due)
    ways = sorted({-(-cents // bill) * bill for bill in BILLS} - {cents})
    return [money(way) for way in ways[:3]]


def barred_here(page: OrderPage, kind: str) -> dict[str, Any]:
    """How a button looks that could pay nothing of what remains: a deposit is for cards."""
    return {} if page.payable_by(kind) else {"is_disabled": True, "note": "Not for this"}


class CashOffer(PaymentOffer):
    kind = "cash"
    template = "checkout/_pay_cash.html"
    form = CashForm

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Cash", "cash", key="k", **barred_here(page, self.kind))]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": page.payable_by(self.kind), "given": page.payable_by(self.kind)}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        due = page.payable_by(self.kind)
        form["given"].help_text = says_what_is_barred(self.kind, page.lines)
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
        return [Button(self.label, self.icon, key=self.key, **barred_here(page, self.kind))]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": page.payable_by(self.kind)}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        form["reference"].help_text = self.words
        form["amount"].help_text = says_what_is_barred(self.kind, page.lines)
        most = typed(page.payable_by(self.kind))
        return {"label": self.label, "icon": self.icon, "remaining": most, "most": most}

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
    """On a terminal that is not connected: charged there, recorded here with its reference.

    Beside a connected processor only where the owner keeps such a terminal.
    """

    kind = "card"
    label = "Card"
    icon = "card"
    key = "d"
    words = "Charge it on the terminal first. The approval code or last four digits from its slip."

    def buttons(self, page: OrderPage) -> list[Button]:
        if not gateways.connected():
            return super().buttons(page)
        if not page.policy.business.unconnected_terminal:
            return []
        return [Button("Card terminal", "terminal", key="l", **barred_here(page, self.kind))]

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        shows = super().shows(page, form, asked)
        is_beside = gateways.connected()
        return shows | ({"label": "Card terminal", "icon": "terminal"} if is_beside else {})

    def take(self, page: OrderPage, form: Any) -> Tender:
        if not self.buttons(page):
            raise Refused("Card payments go through the processor here. Nothing was taken.")
        return super().take(page, form)


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
            Button(
                custom.name,
                "tag",
                key=key,
                query=f"custom={custom.pk}",
                **barred_here(page, self.kind),
            )
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
