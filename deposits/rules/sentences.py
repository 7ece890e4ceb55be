"""The owner's policy on booking, deposits and cancellations, in sentences."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from djmoney.money import Money

from deposits.models import BookingSettings, Fate
from deposits.models.settings import CardFor, DepositsGoTo, FeeKind
from salon import said
from salon.models import BusinessSettings, Location
from salon.policy import Policy


def sentences(
    settings: BookingSettings, business: BusinessSettings, places: Sequence[Location]
) -> list[tuple[str, list[str]]]:
    """By heading, in the order in which a client meets them. No queries."""
    return [
        ("Booking online", list(_booking(settings))),
        ("Paying a deposit", list(_paying(settings, business, places))),
        ("Canceling and not coming", list(_canceling(settings))),
        ("What becomes of a deposit", list(_becoming(settings, business))),
    ]


def _booking(settings: BookingSettings) -> Iterator[str]:
    if not settings.online_booking:
        yield "Online booking is off: visits are booked at the desk alone."
        return
    yield (
        f"Clients book from {_minutes(settings.earliest_minutes)} to {settings.latest_days} days "
        f"ahead, with a start every {settings.start_every} minutes."
    )
    yield f"A time is held for {_minutes(settings.hold_minutes)} while its deposit is paid."


def _paying(
    settings: BookingSettings, business: BusinessSettings, places: Sequence[Location]
) -> Iterator[str]:
    if settings.deposit_from_balance:
        yield "By credit or debit card, or from the account balance; never with a gift card."
    else:
        yield "By credit or debit card only; not from the account balance, nor with a gift card."
    policies = [Policy.of(place, business) for place in places]
    off = [str(policy.location) for policy in policies if not policy.balances]
    if off:
        yield f"Client Account Balances are off at {said.listed(off)}: no deposit is asked there."
    cash = [str(policy.location) for policy in policies if not policy.deposits_by_card_only]
    if cash:
        yield f"The desk at {said.listed(cash)} takes deposits in cash and by check too."
    if settings.members_pay_deposits:
        yield "Members pay deposits like everybody else."
    else:
        yield "Members pay no deposit."
    if settings.deposits_go_to == DepositsGoTo.PROVIDER:
        yield "A deposit for a provider with an account of their own goes to that provider at once."
    else:
        yield "Deposits go to the house; a provider is paid out when one is redeemed."


def _canceling(settings: BookingSettings) -> Iterator[str]:
    yield f"Free of charge until {_hours(settings.deadline_hours)} before the visit."
    late = _fee(settings.late_fee_kind, settings.late_fee_percent, settings.late_fee_amount)
    missed = _fee(
        settings.no_show_fee_kind, settings.no_show_fee_percent, settings.no_show_fee_amount
    )
    yield f"Canceling later costs {late}." if late else "Canceling later has no fee."
    yield f"Not coming costs {missed}." if missed else "Not coming has no fee."
    if not late and not missed:
        return
    if settings.card_for_fees == CardFor.NEVER:
        yield "No card is asked for fees online: the desk collects what no deposit covers."
    elif settings.card_for_fees == CardFor.OPTIONAL:
        yield "Who books online may keep a card for fees. The deposit pays first, then that card."
    else:
        yield "Who books online has to keep a card for fees. The deposit pays first, then the card."


def _becoming(settings: BookingSettings, business: BusinessSettings) -> Iterator[str]:
    if not business.earmark_deposits:
        yield "Nothing is held for a visit: a deposit is free account credit at once."
        return
    kept = settings.on_time_fate == Fate.Kind.KEPT
    yield f"Canceled in time, it {'stays as account balance' if kept else 'goes back to the card'}."
    if settings.late_fate == Fate.Kind.FORFEITED:
        yield "Canceled late or not used, it is forfeited."
    else:
        yield "Canceled late or not used, the fee is kept and the rest stays as account balance."
    yield f"It may be carried to another time {_carried(settings)}."


def _carried(settings: BookingSettings) -> str:
    often = "as often as the client wants"
    if settings.most_moves is not None:
        often = {0: "never online", 1: "once"}.get(
            settings.most_moves, f"{settings.most_moves} times"
        )
    days = settings.carry_days
    return often if days is None else f"{often}, at most {days} days after the first date"


def _fee(kind: str, percent: Decimal, amount: Money) -> str:
    if kind == FeeKind.PERCENT:
        return f"{said.percent(percent)} of the visit’s price"
    return f"{said.amount(amount)}, at most the visit’s price" if kind == FeeKind.AMOUNT else ""


def _minutes(count: int) -> str:
    if count and count % 60 == 0:
        return _hours(count // 60)
    return f"{count} minute{'' if count == 1 else 's'}"


def _hours(count: int) -> str:
    return f"{count} hour{'' if count == 1 else 's'}"
