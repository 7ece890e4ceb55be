"""Setting the general deposit rules: one is added, changed, archived, restored. Recorded."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from djmoney.money import Money

from deposits.models import BookingSettings, DepositRule
from deposits.rules.terms_checks import check_terms
from deposits.rules.words import how, whom
from salon import clock, permissions
from salon.changing_settings import record_changes, snapshot, subject
from salon.desk import Desk
from salon.errors import Refused
from salon.models import Location

Who = DepositRule.Who


@dataclass(frozen=True)
class RuleCard:
    """A rule as somebody wants it."""

    who: str
    kind: str
    minimum_value: Money
    percent: Decimal | None = None
    amount: Money | None = None
    location: Location | None = None
    no_shows: int = 1


@transaction.atomic
def save_rule(*, rule: DepositRule | None, card: RuleCard, desk: Desk) -> DepositRule:
    """Make a rule, or the given one, as the card says; it counts for bookings from now on.

    The same card sent twice makes one. Refused where another rule for the same clients, location
    and minimum stands. Locks the booking settings: rules are saved one after the other.
    """
    _require(desk)
    check_terms(card.kind, card.percent, card.amount)
    _check(card)
    BookingSettings.objects.select_for_update().get(pk=1)
    twin = _twin(card, rule)
    if twin is not None:
        if rule is None and _is_as(twin, card):
            return twin
        raise Refused(
            f"There is a rule like this already: {whom(twin)}: {how(twin)}. Nothing was saved. "
            "Change that one, or choose another minimum."
        )
    before = snapshot(DepositRule.objects.get(pk=rule.pk)) if rule else {}
    row = rule or DepositRule()
    row.who, row.location, row.kind = card.who, card.location, card.kind
    row.percent, row.amount = card.percent, card.amount
    row.minimum_value, row.no_shows = card.minimum_value, card.no_shows
    row.save()
    fresh = DepositRule.objects.get(pk=row.pk)
    after = snapshot(fresh) if rule else {"added": f"{whom(fresh)}: {how(fresh)}"}
    record_changes(
        subject=subject(fresh), before=before, after=after, staff=desk.staff, till=desk.till
    )
    return fresh


@transaction.atomic
def archive_rule(*, rule: DepositRule, desk: Desk) -> DepositRule:
    """It counts no more; what was asked by it stays. Archiving twice is archiving once."""
    _require(desk)
    locked = _lock(rule)
    if not locked.is_archived:
        _set_archived(locked, desk, archived=True)
    return locked


@transaction.atomic
def restore_rule(*, rule: DepositRule, desk: Desk) -> DepositRule:
    """It counts again. Refused where another like it stands by now."""
    _require(desk)
    locked = _lock(rule)
    if not locked.is_archived:
        return locked
    if twin := _twin(_card_of(locked), locked):
        raise Refused(
            f"There is a rule like this by now: {whom(twin)}: {how(twin)}. Nothing was restored. "
            "Archive that one first."
        )
    _set_archived(locked, desk, archived=False)
    return locked


def _require(desk: Desk) -> None:
    if desk.staff is None or not desk.staff.has_perm(permissions.MANAGE_BOOKING):
        raise Refused(
            "Your role may not change deposit rules. Nothing was changed. Ask a manager or an "
            "owner."
        )


def _check(card: RuleCard) -> None:
    if card.who not in Who.values:
        raise Refused("Choose whom the rule is for. Nothing was saved.", field="who")
    if card.minimum_value.amount < 0:
        raise Refused("The minimum cannot be below zero. Nothing was saved.", field="minimum_value")
    if card.who == Who.NO_SHOWS and not 1 <= card.no_shows <= 99:
        raise Refused("Enter between 1 and 99 no-shows. Nothing was saved.", field="no_shows")
    if card.location and card.location.is_archived:
        raise Refused(f"{card.location} is archived. Nothing was saved.", field="location")


def _twin(card: RuleCard, apart_from: DepositRule | None) -> DepositRule | None:
    rules = DepositRule.objects.active().filter(
        who=card.who, location=card.location, minimum_value=card.minimum_value.amount
    )
    if card.who == Who.NO_SHOWS:
        rules = rules.filter(no_shows=card.no_shows)
    if apart_from is not None:
        rules = rules.exclude(pk=apart_from.pk)
    return rules.select_related("location").first()


def _is_as(rule: DepositRule, card: RuleCard) -> bool:
    return (rule.kind, rule.percent, rule.amount) == (card.kind, card.percent, card.amount)


def _card_of(rule: DepositRule) -> RuleCard:
    return RuleCard(
        who=rule.who,
        kind=rule.kind,
        minimum_value=rule.minimum_value,
        percent=rule.percent,
        amount=rule.amount,
        location=rule.location,
        no_shows=rule.no_shows,
    )


def _lock(rule: DepositRule) -> DepositRule:
    BookingSettings.objects.select_for_update().get(pk=1)
    return DepositRule.objects.select_related("location").get(pk=rule.pk)


def _set_archived(rule: DepositRule, desk: Desk, *, archived: bool) -> None:
    rule.archived_at = clock.now() if archived else None
    rule.save(update_fields=["archived_at"])
    words = ("no", "yes") if archived else ("yes", "no")
    before, after = ({"archived": word} for word in words)
    record_changes(
        subject=subject(rule), before=before, after=after, staff=desk.staff, till=desk.till
    )
