"""What selling a period of a membership means in the books, and what its refund takes back."""

from collections.abc import Iterable, Sequence

from checkout import spent_on
from checkout.credit_lines import AccountCreditsLine, paid_by_card
from checkout.line_kinds import IncomeLine, register
from checkout.models import LineItem
from ledger import accounts
from ledger.kinds import Source
from ledger.legs import Leg, Move, Open, Take, Terms
from ledger.models import Lot
from memberships import purposes
from memberships.enrolling import closing_checks, starting
from memberships.enrolling.sold import Sold, sold
from memberships.enrolling.words import added_to, day_said
from memberships.models import Period
from memberships.renewing import settling
from salon.money import minor

INCOME = accounts.income("memberships")


class MembershipLine(AccountCreditsLine):
    """One period: what was paid opens a lot, the bonus another one at the salon's expense, and
    what the price is above both is earned. A trial's line is of $0.00, and opens none."""

    code = purposes.LINE
    label = "Membership"
    smallest = 0

    def hold(self, line: LineItem) -> None:
        """Lock what it sells, and the client who becomes a member. Refused where it cannot be sold
        (any more)."""
        closing_checks.hold(line)

    def credit_legs(self, line: LineItem) -> list[Leg]:
        """One query: what of it cards paid."""
        what = sold(line)
        shares = what.shares
        legs: list[Leg] = []
        if shares.paid:
            legs.append(_opened(what, shares.paid, is_paid=True))
        if shares.bonus:
            legs += [
                _opened(what, shares.bonus, is_paid=False),
                Move(accounts.GOODWILL, shares.bonus),
            ]
        if shares.earned:
            legs.append(Move(INCOME, -shares.earned))
        return legs

    def closed(self, line: LineItem, opened: Sequence[int | None]) -> None:
        """Somebody is a member, or the period is paid; each is told of two lots, paid and bonus."""
        what = sold(line)
        lots = iter(opened)
        paid = next(lots, None) if what.shares.paid else None
        bonus = next(lots, None) if what.shares.bonus else None
        line.opened_lot_id = paid
        LineItem.objects.filter(pk=line.pk).update(opened_lot=paid)
        if isinstance(what.of, Period):
            settling.settle(what.of, line, (paid, bonus))
            return
        at = line.order.closed_at
        assert at is not None  # nosec B101 - its sale is being closed
        starting.start(enrolment=what.of, at=at, line=line, opened=(paid, bonus))

    def refund_legs(self, line: LineItem, amount: int) -> list[Leg]:
        """The whole bonus that is left, then the earned part, then out of what is left of the lot.

        Raises LotMoved when posted too late.
        """
        what = sold(line)
        legs: list[Leg] = [Take(lot.pk, lot.remaining) for lot in _bonus(what)]
        if canceled := self.cancels(line):
            legs.append(Move(accounts.GOODWILL, -canceled))
        if earned := min(amount, what.earned_left):
            legs.append(Move(INCOME, earned))
        stored = amount - earned
        return [*legs, *super().refund_legs(line, stored)] if stored else legs

    def refundable(self, line: LineItem) -> int | None:
        """With tax: of what is unspent, and of what was earned. Three queries, once."""
        if line.within is not None:  # Its credit is held for a visit: it is that visit's now.
            return 0
        what = sold(line)
        return what.with_tax(_left_of_lot(self.living(line)) + what.earned_left)

    def refundable_to_cards(self, line: LineItem) -> int | None:
        """With tax, as `refundable`; of any lot no more than its card ceiling has left."""
        if not line.lots or not line.lots[0].card_ceiling or line.within is not None:
            return None
        what = sold(line)
        return what.with_tax(self.left_for_cards(line) + what.earned_left)

    def stores(self, line: LineItem) -> int:
        return sold(line).shares.paid

    def taken_out(self, line: LineItem, amount: int) -> int:
        return amount - min(amount, sold(line).earned_left)

    def cancels(self, line: LineItem) -> int:
        return _left_of_lot(_bonus(sold(line)))

    def kept_back(self, line: LineItem) -> int:
        return _left_of_lot(lot for lot in line.lots if lot.appointment_id is not None)

    def note(self, line: LineItem) -> str:
        """What it adds to whose balance. Two queries at most."""
        what = sold(line)
        if not isinstance(what.of, Period) and what.of.has_trial:
            return f"The first charge is on {day_said(what.of.first_from)}"
        assert line.beneficiary is not None  # nosec B101 - its verb names one
        return added_to(line.beneficiary, minor(line.amount), what.adds)


class JoiningFeeLine(IncomeLine):
    """What somebody pays once to become a member. It is sold with their membership alone."""

    discountable = False

    def __init__(self) -> None:
        super().__init__(purposes.FEE_LINE, "Joining fee", INCOME)

    def hold(self, line: LineItem) -> None:
        """Refused where the membership is no longer on the sale."""
        closing_checks.check_fee(line)


def _opened(what: Sold, amount: int, *, is_paid: bool) -> Open:
    client = what.line.beneficiary
    assert client is not None  # nosec B101 - its verb names one
    terms = Terms(
        source=Source.MEMBERSHIP,
        is_paid=is_paid,
        expires_on=what.expires_on,
        restriction=what.of.buys if what.is_restricted else None,
        card_ceiling=_card_ceiling(what.line, amount) if is_paid else None,
    )
    settles = None if what.is_restricted else accounts.owed_by(client)
    return Open(accounts.credit_of(client), amount, terms, settles=settles)


def _card_ceiling(line: LineItem, stored: int) -> int | None:
    """What cards paid of the part that is stored, rounded up; None for nothing. One query."""
    by_card = paid_by_card(line) or 0
    return -(-by_card * stored // minor(line.total)) or None


def _bonus(what: Sold) -> list[Lot]:
    """What is left of the bonus. What is held for a visit is not taken away."""
    return [lot for lot in what.bonus_lots if lot.is_open and lot.appointment_id is None]


def _left_of_lot(lots: Iterable[Lot]) -> int:
    return sum(lot.remaining for lot in lots)


def register_line_kinds() -> None:
    """Called once, when the program starts."""
    register(MembershipLine())
    register(JoiningFeeLine())
    spent_on.say_otherwise(purposes.CAUSE, "was lost when the membership ended")
