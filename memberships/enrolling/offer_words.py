"""An offer in words: "Today $100.00; adds $120.00. Then $100.00 on the 22nd of each month." """

from __future__ import annotations

from typing import TYPE_CHECKING

from djmoney.money import Money

from memberships.enrolling.words import (
    day_said,
    days_said,
    priced,
    shares_said,
    uses_said,
    when_said,
)
from salon import said
from salon.money import minor

if TYPE_CHECKING:
    from memberships.enrolling.offer import Offer


def sentences_of(offer: Offer) -> list[str]:
    """What is charged and added, when, and what limits it: a sentence each."""
    plan, first = offer.plan, offer.first
    is_part = first.days != first.of_days
    told = [_today(offer, is_part)]
    if offer.has_trial and is_part:
        told.append(f"On {day_said(first.starts_on)} {_first(offer, is_part)}.")
    begins = first.until_on if is_part or not offer.has_trial else first.starts_on
    days = when_said(plan.every, begins if is_part else first.starts_on, plan.billing_day)
    each = _costs_and_adds(offer, plan.price, plan.adds, f" {days}, from {day_said(begins)} on")
    told.append(f"Then {each}.")
    if offer.minimum_until:
        told.append(f"It can be canceled from {day_said(offer.minimum_until)} on.")
    return [*told, *uses_said(plan)]


def _today(offer: Offer, is_part: bool) -> str:
    fee = priced(offer.joining_fee, offer.plan.tax_rate).total if offer.joining_fee else None
    if offer.has_trial:
        joins = f"{said.amount(fee)}{_with_tax(offer)} to join" if fee else "nothing"
        return f"Today {joins}. The trial lasts until {day_said(offer.first.starts_on)}."
    to_join = f", and {said.amount(fee)}{_with_tax(offer)} to join" if fee else ""
    return f"Today {_first(offer, is_part)}{to_join}."


def _first(offer: Offer, is_part: bool) -> str:
    days = f" for {days_said(offer.first.starts_on, offer.first.until_on)}" if is_part else ""
    return _costs_and_adds(offer, offer.first_price, offer.first_adds, days)


def _costs_and_adds(offer: Offer, price: Money, adds: Money, days: str) -> str:
    """$108.88 with tax on the 22nd of each month; adds $120.00, $20.00 of it as a bonus."""
    line = priced(price, offer.plan.tax_rate)
    added = shares_said(minor(line.amount), minor(adds))
    costs = f"{said.amount(line.total)}{_with_tax(offer)}{days}"
    return f"{costs}; adds {added}" if adds else costs


def _with_tax(offer: Offer) -> str:
    return " with tax" if offer.plan.tax_rate_id else ""
