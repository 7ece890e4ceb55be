"""One lot in the words of the desk: "gift for services that ends on Friday"."""

import datetime as dt
from collections.abc import Iterable

from ledger.kinds import Restriction, Source
from ledger.models import Lot
from salon import said
from salon.money import money

SOON = dt.timedelta(days=14)
"""How long before its last day credit is pointed out."""


def lot_words(lot: Lot, today: dt.date) -> str:
    """A lot in a sentence: "gift that ends on Friday", "deposit for this visit"."""
    said_so = source_words(lot)
    if lot.appointment_id:
        return f"{said_so} for this visit"
    if lot.restriction != Restriction.ANY:
        said_so += f" for {lot.restriction}"
    return f"{said_so} that ends {last_day(lot.expires_on, today)}" if lot.expires_on else said_so


def lot_terms(lot: Lot, today: dt.date) -> str:
    """What sets a lot apart, for its row: "Services only · ends on Friday"; "" for a plain one."""
    terms = ["For this visit"] if lot.appointment_id else []
    if lot.restriction != Restriction.ANY:
        terms.append(Restriction(lot.restriction).label)
    if lot.expires_on:
        terms.append(f"ends {last_day(lot.expires_on, today)}")
    said_so = " · ".join(terms)
    return said_so[:1].upper() + said_so[1:]


def source_words(lot: Lot) -> str:
    """How it came in, in a sentence: gift, purchase, deposit."""
    return "gift" if lot.source == Source.GOODWILL else Source(lot.source).label.lower()


def last_day(day: dt.date, today: dt.date) -> str:
    """Today, on Friday, on Tue, Nov 24."""
    if day == today:
        return "today"
    return f"on {day:%A}" if 0 < (day - today).days < 7 else f"on {said.day(day, today)}"


def ending_soon(lots: Iterable[Lot], today: dt.date) -> list[str]:
    """What of free credit ends within two weeks: "$15.00 gift ends on Friday". No queries."""
    return [
        f"{said.amount(money(lot.remaining))} {source_words(lot)}{_for(lot)} "
        f"ends {last_day(lot.expires_on, today)}"
        for lot in lots
        if lot.expires_on and not lot.appointment_id and today <= lot.expires_on <= today + SOON
    ]


def _for(lot: Lot) -> str:
    return "" if lot.restriction == Restriction.ANY else f" for {lot.restriction}"
