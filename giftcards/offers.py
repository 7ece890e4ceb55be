"""How the desk sells gift cards, and takes them as payment."""

from collections.abc import Mapping
from typing import Any

from djmoney.money import Money

from checkout import offering
from checkout.forms.base import ActForm
from checkout.models import LineItem, Tender
from checkout.offering import Button, LineOffer, PaymentOffer
from checkout.offers.payments import quick, typed
from checkout.presenting import OrderPage
from checkout.spending import room_for
from giftcards.forms import CodeForm, RedeemForm, SellForm
from giftcards.models import GiftCard
from giftcards.redeeming import redeem
from giftcards.selling import KIND, add_gift_card
from giftcards.standing import spendable
from ledger.kinds import Restriction
from salon import said
from salon.money import money


class GiftCardOffer(LineOffer):
    kind = KIND
    template = "giftcards/_add_gift_card.html"
    form = SellForm
    position = 10
    changes = ("unit_price",)

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Gift card", "plus", key="i")]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"from_name": page.client.name if page.client else ""}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        today = page.desk.business_date
        form.fields["send_on"].widget.attrs["min"] = today.isoformat()
        return {"quick": quick(25, 50, 100, 150)}

    def notes(self, line: LineItem) -> list[str]:
        """How it gets there. One query for each gift card on the sale."""
        card = GiftCard.objects.filter(line=line).first()
        if card is None:
            return []
        return [how_it_goes(card, line)]

    def add(self, page: OrderPage, form: SellForm) -> LineItem:
        return add_gift_card(
            order=page.order,
            amount=form.cleaned_data["amount"],
            gift=form.gift,
            desk=page.desk,
            **form.identity,
        )


class GiftCardPayment(PaymentOffer):
    """First the code, then what is left and how much of it to take."""

    kind = KIND
    template = "giftcards/_pay_gift_card.html"
    form = RedeemForm
    position = 10

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Gift card", "gift", key="f", is_disabled=not most_here(page))]

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        """`card`, once it is known, with what is `left` on it and the `most` that it pays here."""
        assert isinstance(form, CodeForm)  # nosec B101 - its own form, or the one that looks up
        card = form.card
        if card is None:
            return {"card": None}
        left = spendable(card, page.desk.business_date)
        most = min(left, most_here(page))
        if "amount" in form.fields:
            form.fields["amount"].help_text = f"{said.amount(most)} of it can pay here."
        return {"card": card, "left": left, "most": typed(most), "most_said": said.amount(most)}

    def take(self, page: OrderPage, form: RedeemForm) -> Tender:
        assert form.card is not None  # nosec B101 - a valid form has found it
        return redeem(
            order=page.order,
            card=form.card,
            amount=form.cleaned_data["amount"],
            desk=page.desk,
            **form.identity,
        )


def most_here(page: OrderPage) -> Money:
    """What of the order a gift card may still pay. No queries of its own."""
    room = money(room_for(KIND, Restriction.ANY, page.lines, page.funds))
    return max(money(0), min(room, page.totals.remaining))


def how_it_goes(card: GiftCard, line: LineItem) -> str:
    """By e-mail to clara@example.com on Mon, Dec 21; Card •••• 0042; Printed at the desk."""
    if card.is_physical:
        return f"Card {card.masked}"
    if not card.to_email:
        return "To print once the sale is closed"
    day = f" on {said.day(card.send_on, line.order.business_date)}" if card.send_on else ""
    return f"By e-mail to {card.to_email}{day or ', once the sale is closed'}"


def register() -> None:
    """Called once, when the program starts."""
    offering.offer_line(GiftCardOffer())
    offering.offer_payment(GiftCardPayment())
