"""The liability parted: by source, merchant account and location, and by age."""

from collections.abc import Callable, Hashable, Sequence

from ledger.ageing import Band
from ledger.kinds import AccountKind, Source
from ledger.roll_forward import Group, RollForward
from reports.liability_words import movements_url, source_label
from salon.models import Location, MerchantAccount
from salon.money import money
from salon.reporting.periods import Period
from salon.reporting.tables import Column, Kind, Line, Table

CREDIT = AccountKind.CLIENT_CREDIT
OTHER = "Other: corrections, IOUs settled, refunded out, forfeited and expired."
HOUSE = "The house"


def by_source(roll: RollForward, period: Period) -> Table:
    order = [*Source.values, ""]
    groups = sorted(roll.by_source(), key=lambda group: order.index(str(group.key)))
    return _parted(
        "By source",
        "by-source",
        groups,
        label=lambda key: source_label(str(key)),
        url=lambda key: movements_url(CREDIT, period, {"source": str(key)} if key else {}),
    )


def by_holder(roll: RollForward, period: Period) -> Table:
    """Whose merchant account has the cash. One query."""
    groups = roll.by_holder()
    accounts = MerchantAccount.objects.in_bulk([g.key for g in groups if g.key is not None])
    return _parted(
        "By merchant account",
        "by-merchant-account",
        sorted(groups, key=lambda group: group.key is not None),
        label=lambda key: HOUSE if key is None else str(accounts.get(int(str(key)), key)),
        url=lambda key: movements_url(
            CREDIT, period, {"holder": "house" if key is None else str(key)}
        ),
    )


def by_location(roll: RollForward, period: Period, places: Sequence[Location]) -> Table:
    names = {place.pk: place.name for place in places}
    return _parted(
        "By location",
        "by-location",
        sorted(roll.by_location(), key=lambda group: names.get(int(str(group.key)), "")),
        label=lambda key: names.get(int(str(key)), f"Location {key}"),
        url=lambda key: movements_url(CREDIT, period, {"sold_at": str(key)}),
        with_transfers=True,
    )


def _parted(
    title: str,
    key: str,
    groups: Sequence[Group],
    *,
    label: Callable[[Hashable], str],
    url: Callable[[Hashable], str],
    with_transfers: bool = False,
) -> Table:
    names = ["opening", "came_in", "used", "transferred", "other", "closing", "held"]
    if not with_transfers:
        names.remove("transferred")
    columns = [Column("what", title.removeprefix("By ").capitalize(), is_title=True)]
    columns += [_COLUMNS[name] for name in names]
    lines = [
        Line(
            {"what": label(group.key), **{name: money(getattr(group, name)) for name in names}},
            url=url(group.key),
        )
        for group in groups
    ]
    sums = {name: money(sum(getattr(group, name) for group in groups)) for name in names}
    return Table(
        columns,
        lines,
        title=title,
        key=key,
        note=f"{OTHER} {TRANSFERRED}" if with_transfers else OTHER,
        empty="Nothing was owed to any client on these days.",
        total=Line({"what": "Total", **sums}),
    )


TRANSFERRED = (
    "Credit belongs to the location that sold it. Used elsewhere, it is handed over to there."
)
_COLUMNS: dict[str, Column] = {
    "opening": Column("opening", "Opening", Kind.MONEY, is_extra=True),
    "came_in": Column("came_in", "Came in", Kind.MONEY, hide_zero=True),
    "used": Column("used", "Used", Kind.MONEY, hide_zero=True),
    "transferred": Column("transferred", "Transferred", Kind.MONEY, hide_zero=True),
    "other": Column("other", "Other", Kind.MONEY, hide_zero=True, is_extra=True),
    "closing": Column("closing", "Closing", Kind.MONEY, is_amount=True),
    "held": Column("held", "Held of it", Kind.MONEY, hide_zero=True, is_extra=True),
}


def aged(bands: Sequence[Band]) -> Table:
    columns = [
        Column("age", "Came in", is_title=True),
        Column("credit", "Client credit", Kind.MONEY, is_amount=True, hide_zero=True),
        Column("cards", "Gift cards", Kind.MONEY, hide_zero=True),
    ]
    lines = [
        Line({"age": f"{band.label} ago", "credit": money(band.credit), "cards": money(band.cards)})
        for band in bands
        if any(each.credit or each.cards for each in bands)
    ]
    total = Line(
        {
            "age": "Total",
            "credit": money(sum(band.credit for band in bands)),
            "cards": money(sum(band.cards for band in bands)),
        }
    )
    empty = "No credit is left to be old."
    note = "Credit that was moved, released or given back is as old as the money in it."
    return Table(columns, lines, title="By age", key="by-age", note=note, empty=empty, total=total)
