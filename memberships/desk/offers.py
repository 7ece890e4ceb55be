"""How the desk sells a membership: a sheet at checkout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from cards import gateways
from cards.models import CardOnFile
from cards.on_file import expires_before
from checkout import offering
from checkout.errors import Refused
from checkout.forms.base import ActForm
from checkout.line_kinds import kind_of
from checkout.models import LineItem
from checkout.offering import Button, LineOffer
from checkout.presenting import OrderPage
from memberships import purposes
from memberships.desk.enrol_form import EnrolForm
from memberships.enrolling import words
from memberships.enrolling.enrolling import enrol
from memberships.enrolling.members import why_not_again
from memberships.enrolling.offer import Offer, offer_of, why_not_sold
from memberships.models import Enrolment, Plan
from salon.addresses import whole_number


class MembershipOffer(LineOffer):
    """First the plan, then what it costs in money and words, the card, and the consent."""

    kind = purposes.LINE
    template = "memberships/_add_membership.html"
    form = EnrolForm
    position = 15
    changes = ()

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Membership", "plus", key="b")]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"plan": asked.get("plan", "")}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        """The plans that are sold here; of the one that was chosen the offer and the cards.

        Two queries for the plans, ten more for one.
        """
        plans = sold_here(page)
        chosen = whole_number(str(form["plan"].value() or ""))
        plan = next((plan for plan in plans if plan.pk == chosen), None)
        if page.client is None or plan is None:
            told = [(one, words.every_said(one), words.adds_said(one)) for one in plans]
            return {"plans": told, "offered": None}
        offered = offer_of(plan=plan, location=page.order.location, on=page.desk.business_date)
        return {
            "plans": [],
            "offered": offered,
            "has_other_plans": len(plans) > 1,
            "adds": _adds(offered),
            "why_not": _why_not(page, plan),
            "is_connected": gateways.connected(),
            **_cards(page, form),
        }

    def notes(self, line: LineItem) -> list[str]:
        """What it adds, and which card pays from then on. Three queries for each on the sale."""
        notes = [kind_of(line).note(line)]
        enrolment = Enrolment.objects.filter(line=line).select_related("card").first()
        if enrolment and enrolment.card:
            notes.append(f"then charged to {enrolment.card}")
        return [note for note in notes if note]

    def add(self, page: OrderPage, form: EnrolForm) -> LineItem:
        if page.client is None:
            raise Refused("Choose the client first: a membership is theirs. Nothing was added.")
        return enrol(
            order=page.order,
            plan=form.cleaned_data["plan"],
            client=page.client,
            card=form.cleaned_data["card"],
            consented=form.cleaned_data["consented"],
            seen=form.cleaned_data["seen"],
            desk=page.desk,
            **form.identity,
        )


class JoiningFeeOffer(MembershipOffer):
    """It comes with a membership; its row leads to taking it off."""

    kind = purposes.FEE_LINE

    def buttons(self, page: OrderPage) -> list[Button]:
        return []

    def notes(self, line: LineItem) -> list[str]:
        return ["Once"]


def sold_here(page: OrderPage) -> list[Plan]:
    """What can be sold on this sale, in the owner's order. Two queries."""
    here = Q(locations=None) | Q(locations=page.order.location)
    rows = Plan.objects.active().filter(here).distinct()
    return list(rows.select_related("tax_rate").prefetch_related("tax_rate__parts"))


def _adds(offered: Offer) -> str:
    """What comes onto the balance today; empty in a trial."""
    return "" if offered.has_trial else words.adds_said(_first(offered))


def _first(offered: Offer) -> Plan:
    """The plan with the first period's figures, in memory."""
    return Plan(price=offered.first_price, adds=offered.first_adds, tax_rate=offered.plan.tax_rate)


def _why_not(page: OrderPage, plan: Plan) -> str:
    """Why the client of this sale cannot enrol; empty when they can."""
    assert page.client is not None  # nosec B101 - the sheet asks for one before
    return why_not_sold(plan, page.order.location) or why_not_again(page.client, plan)


def _cards(page: OrderPage, form: ActForm) -> dict[str, Any]:
    """The client's cards, each with whether it is of no use; one stands chosen. One query."""
    rows = CardOnFile.objects.standing().filter(client=page.client)
    cards = [(card, expires_before(card, page.desk.business_date)) for card in rows]
    usable = [card.pk for card, is_expired in cards if not is_expired]
    typed = whole_number(str(form["card"].value() or ""))
    return {"cards": cards, "card": typed if typed in usable else next(iter(usable), None)}


def register() -> None:
    """Called once, when the program starts."""
    offering.offer_line(MembershipOffer())
    offering.offer_line(JoiningFeeOffer())
