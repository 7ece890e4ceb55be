"""What has to be true of a membership's line when its sale closes. Raises checkout's Refused.

The sale then stays open with its payments, and says what to do.
"""

from djmoney.money import Money

from checkout.errors import Refused
from checkout.models import LineItem
from clients.standing import lock as lock_client
from memberships import purposes
from memberships.enrolling.line import fee_uuid, period_line
from memberships.enrolling.members import member_already
from memberships.enrolling.sold import know
from memberships.locking import lock_enrolment, lock_period
from memberships.models import Enrolment, Period
from memberships.renewing import settling
from salon import said
from salon.money import money

AGAIN = "The sale stays open: take the line off, and add it again if it is wanted."
_LOCKED = "locked_period"
OFF = "The sale stays open: take it off."


def hold(line: LineItem) -> None:
    """Lock what the line sells, and remember it; whoever becomes a member, too. Six queries; none
    where a period was locked before the line was made of it."""
    if locked := vars(line).get(_LOCKED):
        _know_period(line, locked)
        return
    if period := settling.period_of(line):
        _hold_period(line, period)
        return
    try:
        enrolment = lock_enrolment(line.uuid)
    except Enrolment.DoesNotExist:
        raise Refused(f"{line.description} sells no membership. {OFF}") from None
    _hold_enrolment(line, enrolment)


def line_of_locked(period: Period) -> LineItem:
    """The line of a period that is locked in this very transaction, in which it is also sold."""
    line = period_line(period)
    vars(line)[_LOCKED] = period
    return line


def check_fee(line: LineItem) -> None:
    """A joining fee is sold with its membership alone, and as it was agreed to. One query."""
    sold_here = Enrolment.objects.filter(
        uuid__in=LineItem.objects.filter(order=line.order, kind=purposes.LINE).values("uuid")
    )
    of_line = [one for one in sold_here if fee_uuid(one.uuid) == line.uuid]
    if not of_line:
        raise Refused(f"{line.description}: its membership is no longer on the sale. {OFF}")
    _check_unchanged(line, of_line[0].joining_fee)


def _hold_enrolment(line: LineItem, enrolment: Enrolment) -> None:
    client, plan = enrolment.client.survivor, enrolment.plan
    if not enrolment.is_waiting:
        state = enrolment.get_status_display().lower()
        raise Refused(f"{line.description}: this enrolment is over ({state}). {OFF}")
    _check_unchanged(line, money(0) if enrolment.has_trial else enrolment.first_price)
    if line.beneficiary_id != client.pk:
        raise Refused(f"{line.description} was agreed to by {client.name}. {AGAIN}")
    if enrolment.first_until <= line.order.business_date:
        raise Refused(f"The first period of {plan} would be over by now. {AGAIN}")
    if enrolment.card is not None and enrolment.card.removed_at:
        raise Refused(
            f"{enrolment.card} was removed, so {plan} could not be charged from then on. {AGAIN}"
        )
    _check_has_fee(line, enrolment)
    lock_client(client)  # Two sales of the same membership close one after the other.
    if why_not := member_already(client, plan):
        raise Refused(f"{why_not} {OFF}")
    know(line, enrolment)


def _hold_period(line: LineItem, found: Period) -> None:
    _know_period(line, lock_period(found.uuid))


def _know_period(line: LineItem, period: Period) -> None:
    """Whether it is still owed is asked when it is settled."""
    _check_unchanged(line, period.price)
    know(line, period)


def _check_unchanged(line: LineItem, price: Money) -> None:
    """Another price or number would be something that nobody agreed to."""
    if line.quantity != 1 or line.unit_price != price:
        raise Refused(f"{line.description} costs {said.amount(price)}, once. {AGAIN}")


def _check_has_fee(line: LineItem, enrolment: Enrolment) -> None:
    if not enrolment.joining_fee:
        return
    fee = LineItem.objects.filter(order=line.order, uuid=fee_uuid(enrolment.uuid))
    if not fee.exists():
        raise Refused(f"The joining fee of {enrolment.plan} was taken off. {AGAIN}")
