"""What became of lots, and where they came from: parents, children, and theirs. Reading only."""

from collections import defaultdict
from collections.abc import Collection

from ledger.models import Lot

_DOWN = """
with recursive family as (
    select l.*, l.id as root from ledger_lot l where l.id = any(%s)
    union all
    select child.*, family.root from ledger_lot child join family on child.parent_id = family.id
)
select family.*,
       exists (select from ledger_entry r where r.reverses_id = family.opened_by_id) as is_undone
from family order by id
"""

_UP = """
with recursive line as (
    select l.id, l.parent_id, l.id as leaf from ledger_lot l where l.id = any(%s)
    union all
    select parent.id, parent.parent_id, line.leaf
    from ledger_lot parent join line on parent.id = line.parent_id
)
select id, leaf from line where parent_id is null
"""


def families_of(lots: Collection[int]) -> dict[int, list[Lot]]:
    """Each lot with all that it became, the oldest first, itself among them; spent ones too.

    Credit that was refunded, released, moved or merged stands in children. `is_undone` on each says
    whether its opening was reversed: such a child no longer counts. One query, none for no lots.
    """
    families: dict[int, list[Lot]] = defaultdict(list)
    if lots:
        for lot in Lot.objects.raw(_DOWN, [list(lots)]):
            families[vars(lot)["root"]].append(lot)
    return families


def origins_of(lots: Collection[int]) -> dict[int, int]:
    """The lot that each came from in the first place, by id; itself where it is nobody's child.

    One query, none for no lots.
    """
    if not lots:
        return {}
    return {vars(lot)["leaf"]: lot.pk for lot in Lot.objects.raw(_UP, [list(lots)])}


_LINES = """
with recursive line as (
    select l.*, l.id as leaf from ledger_lot l where l.id = any(%s)
    union all
    select parent.*, line.leaf from ledger_lot parent join line on parent.id = line.parent_id
)
select * from line order by id
"""


def lines_of(lots: Collection[int]) -> dict[int, list[Lot]]:
    """Each lot with all that it came from, by id, the first of them first; with their entries.

    Two queries, none for no lots.
    """
    lines: dict[int, list[Lot]] = defaultdict(list)
    if lots:
        rows = Lot.objects.raw(_LINES, [list(lots)]).prefetch_related("opened_by")
        for lot in rows:
            lines[vars(lot)["leaf"]].append(lot)
    return lines
