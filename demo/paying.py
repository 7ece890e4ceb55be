"""How the demo's clients pay: which tenders for a total, and what they hand over in cash."""

from dataclasses import dataclass
from random import Random

from checkout.models import CustomPayment
from checkout.tender_kinds import CASH, CREDITS

CARDS = ["Visa", "Visa", "Mastercard", "Mastercard", "Amex", "Discover"]
BILLS = [500, 1000, 2000, 5000, 10000]


@dataclass(frozen=True)
class Payment:
    """One tender to be taken. Cents."""

    kind: str
    cents: int
    reference: str = ""
    cash_given: int | None = None
    custom: CustomPayment | None = None


def payments(
    rng: Random, total: int, credit: int, usual: str, customs: list[CustomPayment]
) -> list[Payment]:
    """Credit first when there is any, then the usual way; sometimes two ways, seldom a voucher."""
    paid: list[Payment] = []
    if credit and rng.random() < 0.85:
        part = min(total, credit)
        if part > 3000 and rng.random() < 0.2:
            part = part // 2 // 500 * 500  # "Leave me some for next time."
        paid.append(Payment(CREDITS, part))
        total -= part
    if total > 6000 and rng.random() < 0.06:
        in_cash = rng.choice([2000, 4000])
        paid.append(in_notes(rng, in_cash))
        total -= in_cash
    if total:
        paid.append(_usually(rng, total, usual, customs))
    return paid


def _usually(rng: Random, cents: int, usual: str, customs: list[CustomPayment]) -> Payment:
    if customs and rng.random() < 0.035:
        custom = rng.choice(customs)
        slip = f"{custom.name[0]}{rng.randrange(10_000):04}"
        return Payment("custom", cents, slip, custom=custom)
    if usual == CASH:
        return in_notes(rng, cents)
    if usual == "check":
        return Payment("check", cents, f"No. {rng.randrange(100, 999)}")
    return by_card(rng, cents)


def by_card(rng: Random, cents: int) -> Payment:
    """By card on the terminal, with what its slip says."""
    return Payment("card", cents, f"{rng.choice(CARDS)} ··{rng.randrange(10_000):04}")


def in_notes(rng: Random, cents: int) -> Payment:
    """In cash; usually more than it costs is handed over."""
    bill = rng.choice(BILLS)
    given = -(-cents // bill) * bill
    return Payment(CASH, cents, cash_given=given if given - cents < 10_000 else cents)
