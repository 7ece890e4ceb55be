"""Tips: a line for each staff member, never taxed or discounted, owed to whoever earned it.

A tip credits the staff member's own account of tips payable, or what the house owes them as a
provider with a merchant account of their own. Whether account credit may pay it is
the owner's setting, kept on the line as it stood when the tip was set (LineItem.refuses).
"""

import uuid as uuids
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.line_kinds import LineKind, earned_on, kind_of, register
from checkout.lines import LARGEST
from checkout.locking import check_fresh, lock, require, touch
from checkout.models import LineItem, Order
from checkout.tender_kinds import KINDS as TENDER_KINDS
from ledger import accounts
from ledger.kinds import Restriction
from ledger.legs import Leg, Move
from salon import permissions
from salon.desk import Desk
from salon.models import Location, StaffMember
from salon.money import minor, money, percent_of, split
from salon.toggles import tips_from_balance_allowed

TIP = "tip"


class TipLine(LineKind):
    """One staff member's tip. Only refunded when somebody names it (MONEY, "Money goes back")."""

    code = TIP
    label = "Tip"
    smallest = 1
    refunded_by_name_only = True
    stands_after_tax = True
    names_staff = True
    is_earned_by_staff = True

    def credit_legs(self, line: LineItem) -> list[Leg]:
        return [Move(_account(line), -minor(line.amount))]

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        return [Move(_account(line), amount)]


def register_tips() -> None:
    """Called once, when the program starts."""
    register(TipLine())


@transaction.atomic
def set_tips(
    *,
    order: Order,
    tips: Mapping[StaffMember, Money],
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> list[LineItem]:
    """Let these be the order's tips, and no others: who is not named, or gets zero, has none.

    Locks the order. Payments stand, as with every change of what is on a sale. Tips that are set
    already are answered as they are, so a form sent twice does it once. Raises Refused: an amount
    below zero or absurd, somebody who no longer works here; StaleOrder.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(order)
    lines = list(locked.lines.select_related("staff"))
    standing = [line for line in lines if line.kind == TIP]
    wanted = {staff: amount for staff, amount in tips.items() if amount}
    refuses = _refused_at(desk.location)
    if _stand_already(standing, wanted, refuses):
        return standing
    check_fresh(locked, revision)
    _check(wanted, working={line.staff for line in lines})
    of_staff = {line.staff: line for line in standing}
    kept = [of_staff.get(staff) or _new(locked, staff, uuid) for staff in wanted]
    locked.lines.filter(kind=TIP).exclude(pk__in=[line.pk for line in kept if line.pk]).delete()
    for line, amount in zip(kept, wanted.values(), strict=True):
        line.unit_price = line.amount = amount
        line.refuses = refuses
        line.save()
    touch(locked)
    return kept


@transaction.atomic
def share_tip(
    *,
    order: Order,
    total: Money,
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> list[LineItem]:
    """Set one tip for the whole order, split among those who gave its services (`shares`).

    Zero takes all tips off. Refused where no service names anybody.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    tips = shares(total, lock(order).lines.select_related("staff")) if total else {}
    if total and not tips:
        raise Refused(
            "No service on this sale says who gave it. Choose whose tip it is.", field="total"
        )
    return set_tips(order=order, tips=tips, desk=desk, uuid=uuid, revision=revision)


def add_to_tips(*, order: Order, total: Money) -> list[LineItem]:
    """Add a tip that was paid already to those that stand, split among who gave the services.

    `order` is locked. Where no service names anybody any more it is nobody's, and the sale is paid
    too much by it. One query, two for each person.
    """
    lines = list(order.lines.select_related("staff"))
    of_staff = {line.staff: line for line in lines if line.kind == TIP and line.staff}
    changed = []
    for staff, part in shares(total, lines).items():
        if part:
            line = of_staff.get(staff) or _new_at(order, staff)
            line.unit_price = line.amount = line.amount + part
            line.save()
            changed.append(line)
    return changed


def basis(lines: Iterable[LineItem]) -> Money:
    """What a percentage is taken of: services only, after discounts, before tax. No queries."""
    return money(sum(minor(line.amount) for line in lines if _is_service(line)))


def by_percent(percent: Decimal, lines: Iterable[LineItem]) -> Money:
    """So many percent of the services, rounded half up. No queries."""
    return money(percent_of(minor(basis(lines)), percent))


def shares(total: Money, lines: Iterable[LineItem]) -> dict[StaffMember, Money]:
    """A tip, parted among who gave services by what those cost; by largest remainder.

    Who gave only services that cost nothing has a part where nobody gave another. Nobody, where no
    service says who gave it. No queries where the lines have their staff.
    """
    weights: dict[StaffMember, int] = {}
    for line in lines:
        if _is_service(line) and line.staff is not None:
            weights[line.staff] = weights.get(line.staff, 0) + minor(line.amount)
    if not weights:
        return {}
    even = [1] * len(weights)
    parts = split(minor(total), list(weights.values()) if any(weights.values()) else even)
    return {staff: money(part) for staff, part in zip(weights, parts, strict=True)}


def _is_service(line: LineItem) -> bool:
    return kind_of(line).buys == Restriction.SERVICES


def _account(line: LineItem) -> str:
    assert line.staff is not None  # nosec B101 - the verb above sets it
    return earned_on(line, accounts.tips(line.staff))


def _refused_at(location: Location) -> str:
    """Every kind of payment that draws stored value, unless the owner lets it pay tips."""
    if tips_from_balance_allowed(location):
        return ""
    return ",".join(sorted(code for code, kind in TENDER_KINDS.items() if kind.draws_lots))


def _stand_already(
    standing: list[LineItem], wanted: Mapping[StaffMember, Money], refuses: str
) -> bool:
    is_same = {line.staff: line.amount for line in standing} == wanted
    return is_same and all(line.refuses == refuses for line in standing)


def _new(order: Order, staff: StaffMember, act: uuids.UUID | None) -> LineItem:
    """A line named out of the form's uuid: one act makes one line for each person."""
    line = LineItem(order=order, kind=TIP, staff=staff, description=f"Tip for {staff}")
    if act is not None:
        line.uuid = uuids.uuid5(act, f"tip:{staff.pk}")
        if LineItem.objects.filter(uuid=line.uuid).exists():
            raise Refused("This form was used before. Load the sale again.")
    return line


def _new_at(order: Order, staff: StaffMember) -> LineItem:
    line = _new(order, staff, None)
    line.amount = money(0)
    line.refuses = _refused_at(order.location)
    return line


def _check(wanted: Mapping[StaffMember, Money], working: set[StaffMember | None]) -> None:
    for staff, amount in wanted.items():
        field = f"tip_{staff.pk}"
        if amount.amount < 0:
            raise Refused(f"A tip cannot be below zero. {staff}’s was not changed.", field=field)
        if amount > LARGEST:
            raise Refused(f"That is more than {LARGEST}. Check the amount.", field=field)
        if not staff.is_active and staff not in working:
            raise Refused(f"{staff} no longer works here. No tip was set.", field=field)
