"""How much each role may take off a line (the owner's limit, in percent of its price)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from checkout.errors import Refused
from checkout.models import LineItem
from salon import said
from salon.models import StaffMember

ANY = Decimal(100)

Shares = Mapping[int, Fraction]
"""The part of each line's price that discounts take off, by the line's id."""


def limit_of(staff: StaffMember | None) -> Decimal:
    """The most, in percent of a line, that this person may take off; 100 where there is no limit.

    One query where the person's role is not loaded yet.
    """
    if staff is None or staff.role is None:
        return ANY if staff and staff.is_superuser else Decimal(0)
    return ANY if staff.role.discount_limit is None else staff.role.discount_limit


def widest(people: Iterable[StaffMember | None]) -> Decimal:
    """The limit of whoever may take off most."""
    return max((limit_of(person) for person in people), default=Decimal(0))


def beyond(lines: Iterable[LineItem], before: Shares, after: Shares, limit: Decimal) -> str:
    """The line of which more would be taken off than before, and more than the limit; or nothing.

    "42.5 % off Cut & finish". What somebody else gave already is nobody's mistake now.
    """
    for line in lines:
        share = after[line.pk]
        if share > before.get(line.pk, Fraction(0)) and share * 100 > Fraction(limit):
            return f"{percent(share * 100)} off {line.description}"
    return ""


def keep_within(
    lines: Iterable[LineItem], before: Shares, after: Shares, people: Iterable[StaffMember | None]
) -> None:
    """Refuse a change of lines after which a discount weighs more than anybody involved may give.

    Else a discount on a sale of many lines would be left whole on one.
    """
    grown = [line for line in lines if after[line.pk] > before.get(line.pk, Fraction(0))]
    if not grown:
        return
    limit = widest(people)
    if too_much := beyond(grown, before, after, limit):
        raise Refused(
            f"The discounts on this sale would then take {too_much}; {percent(limit)} is the "
            "most for those who gave them. Nothing was changed. Take the discount off first."
        )


def percent(value: Decimal | Fraction) -> str:
    """12.5 %, as people write it: two digits after the point at most."""
    exact = Fraction(value)
    return said.percent(round(Decimal(exact.numerator) / exact.denominator, 2))
