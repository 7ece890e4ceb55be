"""Blocking a client: no online booking, and no owing. Visits and sales at the desk go on."""

from django.db import transaction

from clients.errors import Refused
from clients.models import Client
from clients.standing import lock, require_merging
from salon.changing_settings import record_changes, subject
from salon.desk import Desk


@transaction.atomic
def block_client(*, client: Client, reason: str, desk: Desk) -> Client:
    """Block with a reason, which is shown wherever the client is; again changes that alone."""
    require_merging(desk)
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say why: it stands on the client’s page. Nobody was blocked.", "reason")
    if len(reason) > 240:
        raise Refused("Say it in at most 240 characters. Nobody was blocked.", "reason")
    locked = lock(client)
    if locked.merged_into_id:
        raise Refused(
            f"{locked.name} was merged into {locked.survivor.name}. Block that client. "
            "Nobody was blocked.",
        )
    before = locked.blocked_reason
    if not locked.is_blocked:
        locked.blocked_at, locked.blocked_by = desk.at, desk.staff
    locked.blocked_reason = reason
    _save(locked, desk, before)
    return locked


@transaction.atomic
def unblock_client(*, client: Client, desk: Desk) -> Client:
    """Let the client book online and owe again, as the settings say."""
    require_merging(desk)
    locked = lock(client)
    if locked.is_blocked:
        before = locked.blocked_reason
        locked.blocked_at, locked.blocked_by, locked.blocked_reason = None, None, ""
        _save(locked, desk, before)
    return locked


def _save(client: Client, desk: Desk, before: str) -> None:
    client.save(update_fields=["blocked_at", "blocked_by", "blocked_reason"])
    record_changes(
        subject=subject(client),
        before={"blocked": before},
        after={"blocked": client.blocked_reason},
        staff=desk.staff,
        till=desk.till,
    )
