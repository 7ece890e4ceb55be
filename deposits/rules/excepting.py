"""An exception for one client: another deposit than the rules ask, or none. Recorded."""

from decimal import Decimal

from django.db import transaction
from djmoney.money import Money

from clients.models import Client
from clients.standing import hold, why_not_served
from deposits.models import ClientDeposit, DepositTerms
from deposits.rules.terms_checks import check_terms
from deposits.rules.words import how
from salon import permissions
from salon.changing_settings import record_changes, subject
from salon.desk import Desk
from salon.errors import Refused

SETTING = "deposit exception"


@transaction.atomic
def set_exception(
    *,
    client: Client,
    kind: str,
    percent: Decimal | None = None,
    amount: Money | None = None,
    note: str = "",
    desk: Desk,
) -> ClientDeposit:
    """From now on this is asked of the client, whatever the rules say. Set again, it replaces.

    What is held or asked already stays. `kind`: a DepositTerms.Kind. Holds the client.
    """
    _require(desk)
    check_terms(kind, percent, amount)
    kept = hold(client)
    if refusal := why_not_served(kept):
        raise Refused(f"{refusal} Nothing was changed.")
    before = ClientDeposit.objects.filter(client=kept).first()
    row, _ = ClientDeposit.objects.update_or_create(
        client=kept,
        defaults={
            "kind": kind,
            "percent": percent if kind == DepositTerms.Kind.PERCENT else None,
            "amount": amount if kind == DepositTerms.Kind.AMOUNT else None,
            "note": " ".join(note.split())[:240],
            "set_by": desk.person,
            "set_at": desk.at,
        },
    )
    _record(kept, before, row, desk)
    return row


@transaction.atomic
def clear_exception(*, client: Client, desk: Desk) -> None:
    """The rules count again for this client. Clearing twice is clearing once."""
    _require(desk)
    kept = hold(client)
    row = ClientDeposit.objects.select_for_update().filter(client=kept).first()
    if row is not None:
        row.delete()
        _record(kept, row, None, desk)


def exception_of(client: Client) -> ClientDeposit | None:
    """What was set for this client, with who set it. One query."""
    rows = ClientDeposit.objects.filter(client=client.survivor_id)
    return rows.select_related("set_by", "client").first()


def _require(desk: Desk) -> None:
    if desk.staff is None or not desk.staff.has_perm(permissions.MANAGE_BOOKING):
        raise Refused(
            "Your role may not make exceptions for clients. Nothing was changed. Ask a manager or "
            "an owner."
        )


def _record(
    client: Client, before: ClientDeposit | None, after: ClientDeposit | None, desk: Desk
) -> None:
    record_changes(
        subject=subject(client),
        before={SETTING: _said(before)},
        after={SETTING: _said(after)},
        staff=desk.staff,
        till=desk.till,
    )


def _said(row: ClientDeposit | None) -> str:
    return "" if row is None else " · ".join(filter(None, [how(row), row.note]))
