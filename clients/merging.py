"""Merging two clients who are one person. The one stays, the other is archived and points to it.

There is no way back: what both had is one account, one book and one list of sales afterwards. So
everything is shown before, and the form carries a stamp of what was shown.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from clients import merge_parts
from clients.errors import Refused, StaleMerge
from clients.merge_parts import Item, Obstacle, Pair, Row
from clients.models import Client
from clients.standing import require_merging
from salon import said
from salon.changing_settings import record_changes, subject
from salon.desk import Desk
from salon.money import money


class MergeRefused(Refused):
    """Something stands against it. `obstacles` name each thing and where it is mended."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(" ".join(obstacle.text for obstacle in obstacles))
        self.obstacles = obstacles


@dataclass(frozen=True)
class Figure:
    """One figure of one side. `kind`: credit, held or owes, colors it."""

    label: str
    text: str
    kind: str


class Proposal:
    """A merge before it is done: what both have, what comes of it, what stands against it.

    Reads when made, in a fixed number of queries.
    """

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.shares = [(part, part.preview(pair)) for part in merge_parts.parts()]
        self.obstacles = [
            *_between(pair),
            *(obstacle for part, _ in self.shares for obstacle in part.obstacles(pair)),
        ]

    @cached_property
    def stamp(self) -> str:
        """Differs as soon as either of them has changed."""
        seen = "|".join(preview.stamp for _, preview in self.shares)
        who = f"{self.pair.gone.pk}>{self.pair.kept.pk}"
        return hashlib.sha256(f"{who}|{seen}".encode()).hexdigest()[:24]

    @property
    def rows(self) -> list[Row]:
        shares = sorted(self.shares, key=lambda share: not share[0].is_shown_first)
        return [row for _, preview in shares for row in preview.rows]

    @property
    def gone_figures(self) -> list[Figure]:
        return [_figure(row, row.gone) for row in self.rows]

    @property
    def kept_figures(self) -> list[Figure]:
        return [_figure(row, row.kept) for row in self.rows]

    @property
    def result_figures(self) -> list[Figure]:
        return [_figure(row, row.result) for row in self.rows]

    @property
    def gone_items(self) -> list[Item]:
        return [item for _, preview in self.shares for item in preview.gone_items]

    @property
    def kept_items(self) -> list[Item]:
        return [item for _, preview in self.shares for item in preview.kept_items]

    @property
    def notes(self) -> list[str]:
        return [note for _, preview in self.shares for note in preview.notes]

    @property
    def outcome(self) -> str:
        """What the button repeats: $55.00 credit, $30.00 held."""
        return ", ".join(preview.outcome for _, preview in self.shares if preview.outcome)


def _figure(row: Row, text: str) -> Figure:
    return Figure(row.label, text, "" if text == said.amount(money(0)) else row.kind)


@transaction.atomic
def merge_clients(
    *, gone: Client, kept: Client, desk: Desk, seen: str, choices: Mapping[str, str] | None = None
) -> Client:
    """Merge `gone` into `kept` and answer with `kept`. The same again answers with it, too.

    `seen` is the stamp of the Proposal that was shown: StaleMerge when something changed since.
    Locks what the parts lock, both clients, then their accounts. Raises MergeRefused naming what
    stands against it, Refused without the permission; then nothing was changed.
    """
    require_merging(desk)
    asked = Pair(gone, kept, desk, choices or {})
    for part in reversed(merge_parts.parts()):
        part.lock(asked)
    pair = _locked(asked)
    if pair.gone.merged_into_id == pair.kept.pk:
        return pair.kept
    proposal = Proposal(pair)
    if proposal.obstacles:
        raise MergeRefused(proposal.obstacles)
    if seen != proposal.stamp:
        raise StaleMerge
    for part, preview in proposal.shares:
        part.merge(pair, preview)
    _point(pair)
    return pair.kept


def _locked(pair: Pair) -> Pair:
    """Both as they are now; nobody else merges, archives or edits them meanwhile.

    By id, so that two merges of the same two wait for each other. NO KEY UPDATE: a till that
    writes a row of this client's goes on.
    """
    wanted = {pair.gone.pk, pair.kept.pk}
    rows = Client.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {client.pk: client for client in rows}
    return Pair(found[pair.gone.pk], found[pair.kept.pk], pair.desk, pair.choices)


def _between(pair: Pair) -> Iterable[Obstacle]:
    """What stands against it whatever they have."""
    if pair.gone.pk == pair.kept.pk:
        yield Obstacle("A client cannot be merged into itself. Choose another one.")
        return
    for client in (pair.gone, pair.kept):
        if client.merged_into_id:
            yield Obstacle(f"{client.name} was merged into {client.survivor.name} already.")
        elif client.is_archived:
            yield Obstacle(f"{client.name} is archived. Restore the client first.")


def _point(pair: Pair) -> None:
    """Archive the one, pointing to the other; whoever was merged into it points there too."""
    Client.objects.filter(merged_into=pair.gone).update(merged_into=pair.kept)
    pair.gone.merged_into = pair.kept
    pair.gone.archived_at = pair.desk.at
    pair.gone.save(update_fields=["merged_into", "archived_at"])
    record_changes(
        subject=subject(pair.gone),
        before={"merged into": ""},
        after={"merged into": f"{pair.kept.name} ({pair.kept.pk})"},
        staff=pair.desk.staff,
        till=pair.desk.till,
    )
