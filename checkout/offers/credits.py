"""How the desk takes account credit: what there is, what it draws first, and what may be owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from djmoney.money import Money

from checkout.allocating import says_what_is_barred
from checkout.forms.base import ActForm
from checkout.forms.payments import CreditsForm
from checkout.models import Tender
from checkout.offering import Button, PaymentOffer
from checkout.offers.payments import typed
from checkout.owing import may_override
from checkout.presenting import OrderPage
from checkout.tendering import take_tender
from ledger.lot_words import lot_terms, source_words
from salon import said
from salon.money import money

OFF = (
    "Client Account Balances were switched off here, so account credit pays no more. "
    "What remains is paid another way."
)


@dataclass(frozen=True)
class DrawRow:
    """A row of the order of drawing: "Gift", "Ends on Friday", at most so much of it."""

    name: str
    terms: str
    amount: Money

    @property
    def typed(self) -> str:
        """The amount as one would type it, for the script that follows what is typed."""
        return typed(self.amount)


class CreditsOffer(PaymentOffer):
    """The green button: what the client has here, and so much of it as the order takes."""

    kind = "credits"
    template = "checkout/_pay_credits.html"
    form = CreditsForm

    def buttons(self, page: OrderPage) -> list[Button]:
        if page.client is None or self.is_off(page):
            return []
        credit = page.credit
        note = f"{said.amount(credit.available)} available"
        if not credit.available and credit.may_owe:
            note = f"may owe {said.amount(credit.may_owe)}"
        return [
            Button(
                "Credits",
                "credit",
                key="c",
                note=note,
                look="button-credits",
                is_disabled=not (credit.most or _overrides(page)),
            )
        ]

    def is_off(self, page: OrderPage) -> str:
        return "" if page.balances_on or page.credit.lots else OFF

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": _first(page)}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        credit, today = page.credit, page.desk.business_date
        barred = says_what_is_barred(self.kind, page.lines)
        told = (_has(page), credit.says_what_it_uses(today), barred)
        form["amount"].help_text = " ".join(filter(None, told))
        return {
            "most": typed(credit.most),
            "own": typed(credit.own),
            "first": typed(_first(page)),
            "quick": [(typed(amount), label) for amount, label in _quick(page)],
            "draws": [
                DrawRow(source_words(lot).capitalize(), lot_terms(lot, today), part)
                for lot, part in credit.uses(credit.own)
            ],
            "may_override": _overrides(page),
        }

    def take(self, page: OrderPage, form: CreditsForm) -> Tender:
        return take_tender(
            order=page.order,
            kind=self.kind,
            amount=form.cleaned_data["amount"],
            override_reason=form.cleaned_data["override_reason"],
            desk=page.desk,
            **form.identity,
        )


def _has(page: OrderPage) -> str:
    """ "$20.00 available.", or "Ben has $20.00 credit and may owe up to $100.00 more." """
    credit = page.credit
    if page.client is None or credit.owing is None:
        return f"{said.amount(credit.available)} available."
    has = f"{said.amount(credit.available)} credit" if credit.available else "no credit"
    more = credit.owing.more
    may = f"may owe up to {said.amount(more)} more" if more else "may not owe any more"
    return f"{page.client.first_name} has {has} and {may}."


def _first(page: OrderPage) -> Money:
    """What the panel begins with: their own money; to owe beside it, somebody has to ask."""
    credit = page.credit
    return credit.own or credit.most or (credit.room if _overrides(page) else credit.most)


def _quick(page: OrderPage) -> list[tuple[Money, str]]:
    """Amounts of one press, the likeliest first."""
    credit = page.credit
    parts = [(part, _short(part)) for part in (money(5000), money(2000)) if part < credit.own]
    if not credit.may_owe:
        return [(credit.most, "All"), *parts]
    own = [(credit.own, f"{_short(credit.own)} credit")] if credit.own else []
    return [*own, (credit.most, f"All {_short(credit.most)}"), *parts]


def _short(amount: Money) -> str:
    return said.amount(amount).removesuffix(".00")


def _overrides(page: OrderPage) -> bool:
    """Whether there is a limit in the way here that this person may let the client go past."""
    credit = page.credit
    return credit.owing is not None and credit.room > credit.most and may_override(page.desk)
