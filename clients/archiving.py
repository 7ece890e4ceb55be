"""Archiving a client: out of every search and list, with all that was kept. And restoring.

This floor asks whether anything stands against it, and what goes with the client; upper floors
answer in AppConfig.ready():

    archiving.ask("ledger", why_not)
    archiving.go_along("cards", tell=..., do=...)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from clients.errors import Refused
from clients.merge_parts import Obstacle
from clients.models import Client
from clients.standing import lock, require_merging
from salon.changing_settings import record_changes, subject
from salon.desk import Desk

Asked = Callable[[Client, Desk], Iterable[Obstacle]]
"""asked(client, desk): what the client still has that would be out of sight."""

_asked: dict[str, Asked] = {}


@dataclass(frozen=True)
class Share:
    """What goes with an archived client. It is told before, and does not come back by restoring."""

    tell: Callable[[Client], Iterable[str]]
    do: Callable[[Client, Desk], None]


_shares: dict[str, Share] = {}


class ArchiveRefused(Refused):
    """The client still has something. `obstacles` name each thing and where it is mended."""

    def __init__(self, client: Client, obstacles: list[Obstacle]) -> None:
        super().__init__(f"{client.name} was not archived.")
        self.obstacles = obstacles


def ask(name: str, function: Asked) -> None:
    """Ask this app, too. `name` is the app's own; registering again replaces."""
    _asked[name] = function


def go_along(
    name: str, *, tell: Callable[[Client], Iterable[str]], do: Callable[[Client, Desk], None]
) -> None:
    """Let `do` run in the transaction that archives; `tell` says in a sentence what that is."""
    _shares[name] = Share(tell, do)


def told_of(client: Client) -> list[str]:
    """What goes with this client, in sentences."""
    return [told for name in sorted(_shares) for told in _shares[name].tell(client)]


def obstacles_of(client: Client, desk: Desk) -> list[Obstacle]:
    """Everything that stands against archiving this client, by app."""
    return [obstacle for name in sorted(_asked) for obstacle in _asked[name](client, desk)]


@transaction.atomic
def archive_client(*, client: Client, desk: Desk) -> Client:
    """Archive; again answers with the archived one. Locks the client.

    Raises ArchiveRefused while there is a balance, a debt, a visit ahead or an open sale.
    """
    require_merging(desk)
    locked = lock(client)
    if locked.is_archived:
        return locked
    if obstacles := obstacles_of(locked, desk):
        raise ArchiveRefused(locked, obstacles)
    for share in _shares.values():
        share.do(locked, desk)
    locked.archived_at = desk.at
    _save(locked, desk, "no", "yes")
    return locked


@transaction.atomic
def restore_client(*, client: Client, desk: Desk) -> Client:
    """Take out of the archive. Refused for one that was merged: there is no way back from that."""
    require_merging(desk)
    locked = lock(client)
    if locked.merged_into_id:
        raise Refused(
            f"{locked.name} was merged into {locked.survivor.name}, and that is not undone. "
            "Nothing was changed."
        )
    if locked.is_archived:
        locked.archived_at = None
        _save(locked, desk, "yes", "no")
    return locked


def _save(client: Client, desk: Desk, before: str, after: str) -> None:
    client.save(update_fields=["archived_at"])
    record_changes(
        subject=subject(client),
        before={"archived": before},
        after={"archived": after},
        staff=desk.staff,
        till=desk.till,
    )
