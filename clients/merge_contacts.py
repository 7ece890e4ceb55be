"""This floor's own share of a merge: how the client is called and reached, and what is noted.

The one who stays keeps what it has; what is empty is filled from the other. Where both say
something else, it is chosen; notes are kept both, since one of them may name an allergy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.merge_parts import Pair, Part, Preview
from clients.models import Client
from salon import said

KEPT, GONE = "kept", "gone"


@dataclass(frozen=True)
class Field:
    """Something both may have: its columns, which go together."""

    name: str
    label: str
    columns: tuple[str, ...]

    def of(self, client: Client) -> tuple[Any, ...]:
        return tuple(getattr(client, column) for column in self.columns)

    def said(self, client: Client) -> str:
        return " ".join(str(value) for value in self.of(client) if value)

    def differs(self, pair: Pair) -> bool:
        """Both have one, and not the same: e-mail addresses and names without case."""
        kept, gone = self.said(pair.kept), self.said(pair.gone)
        return bool(kept and gone) and kept.casefold() != gone.casefold()


CHOSEN = [
    Field("name", "Name", ("first_name", "last_name")),
    Field("phone", "Phone", ("phone",)),
    Field("email", "E-mail", ("email",)),
]
FILLED = [
    Field("location", "Comes to", ("location",)),
    Field("iou_limit", "May owe", ("iou_limit",)),
]


def to_choose(pair: Pair) -> list[Field]:
    """What somebody has to choose, since both have it and not the same."""
    return [field for field in CHOSEN if field.differs(pair)]


class ContactsPart(Part):
    position = 10

    def preview(self, pair: Pair) -> Preview:
        """No queries."""
        return Preview(notes=_notes(pair), stamp=_stamp(pair))

    def merge(self, pair: Pair, preview: Preview) -> None:
        """One query."""
        kept, gone = pair.kept, pair.gone
        for field in (*CHOSEN, *FILLED):
            if _takes(field, pair, pair.choices):
                for column, value in zip(field.columns, field.of(gone), strict=True):
                    setattr(kept, column, value)
        kept.note = _both_notes(pair)
        kept.created_at = min(kept.created_at, gone.created_at)
        if _blocks(pair):
            kept.blocked_at, kept.blocked_by = gone.blocked_at, gone.blocked_by
            kept.blocked_reason = gone.blocked_reason
        kept.save()


def _takes(field: Field, pair: Pair, choices: Mapping[str, str]) -> bool:
    """Whether the result has what the one who goes has."""
    if not field.said(pair.kept):
        return bool(field.said(pair.gone))
    return field in CHOSEN and field.differs(pair) and choices.get(field.name) == GONE


def _both_notes(pair: Pair) -> str:
    kept, gone = pair.kept.note.strip(), pair.gone.note.strip()
    return kept if gone in kept else f"{kept}\n\n{gone}".strip()


def _blocks(pair: Pair) -> bool:
    return pair.gone.is_blocked and not pair.kept.is_blocked


def _notes(pair: Pair) -> list[str]:
    notes = []
    taken = [field.label for field in (*CHOSEN, *FILLED) if _takes(field, pair, {})]
    if pair.gone.note.strip() and not pair.kept.note.strip():
        taken.append("Note")
    if taken:
        notes.append(f"Missing so far and taken over: {said.listed(taken)}.")
    if pair.gone.note.strip() and pair.kept.note.strip():
        notes.append("Both notes are kept, one below the other.")
    if _blocks(pair):
        notes.append(f"{pair.gone.name} is blocked, so {pair.kept.name} will be, too.")
    return notes


def _stamp(pair: Pair) -> str:
    columns = [column for field in (*CHOSEN, *FILLED) for column in field.columns]
    columns += ["note", "blocked_at", "archived_at", "merged_into_id"]
    return str([str(getattr(client, c)) for client in (pair.gone, pair.kept) for c in columns])
