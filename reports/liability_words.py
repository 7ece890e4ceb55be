"""How the statement of the liability is said: each step in words, by source where several are."""

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from djmoney.money import Money

from ledger.kinds import AccountKind, Flow, Source
from ledger.roll_forward import RollForward
from salon import said
from salon.models import Location
from salon.money import money
from salon.reporting.periods import Period
from salon.reporting.tables import Column, Kind, Line, Table

NO_SOURCE = "Of no source"


@dataclass(frozen=True)
class Said:
    """One line of the statement. `sign`: "plus" or "less"; its amount is above zero then."""

    label: str
    amount: Money
    sign: str = ""
    url: str = ""
    parts: list["Said"] = field(default_factory=list)
    is_sum: bool = False


@dataclass(frozen=True)
class Statement:
    """Client credit's or the gift cards', of a period."""

    kind: AccountKind
    roll: RollForward
    period: Period

    @property
    def lines(self) -> list[Said]:
        """From the opening to the closing figure."""
        return [
            Said(
                f"Owed when {_day(self.period.start)} began", money(self.roll.opening), is_sum=True
            ),
            *self._steps(),
            *self._transfers(),
            Said(
                f"Owed at the end of {_day(self.period.end)}",
                money(self.roll.closing),
                is_sum=True,
            ),
        ]

    def table(self, key: str, title: str) -> Table:
        """The same as a file, with signs."""
        columns = [
            Column("what", "What", is_title=True),
            Column("source", "Source"),
            Column("amount", "Amount", Kind.MONEY, is_amount=True),
        ]
        lines = []
        for each in self.lines:
            lines.append(Line({"what": each.label, "amount": _signed(each)}, is_total=each.is_sum))
            for part in each.parts:
                line = Line(
                    {"what": each.label, "source": part.label, "amount": _signed(part)},
                    is_part=True,
                )
                lines.append(line)
        return Table(columns, lines, title=title, key=key)

    def _steps(self) -> list[Said]:
        return [
            self._said(
                step.flow.label,
                step.amount,
                {"flow": step.flow.value},
                [
                    self._said(
                        source_label(source),
                        cents,
                        {"flow": step.flow.value, "source": source} if source else None,
                    )
                    for source, cents in sorted(step.sources.items(), key=_by_source)
                ]
                if len(step.sources) > 1
                else [],
            )
            for step in self.roll.steps
        ]

    def _transfers(self) -> list[Said]:
        came, went = self.roll.transferred_in, self.roll.transferred_out
        place = self.period.place
        found = []
        if came:
            found.append(self._said(f"Sold elsewhere, used at {place}", came, None))
        if went:
            asked = {"flow": Flow.USED.value, "sold_at": str(self.roll.place_id), "where": "away"}
            found.append(self._said("Used at other locations", went, asked))
        return found

    def _said(
        self,
        label: str,
        cents: int,
        asked: dict[str, str] | None,
        parts: list[Said] | None = None,
    ) -> Said:
        url = "" if asked is None else movements_url(self.kind, self.period, asked)
        return Said(label, money(abs(cents)), "plus" if cents > 0 else "less", url, parts or [])


def movements_url(kind: str, period: Period, asked: dict[str, str]) -> str:
    """The entries behind a figure. Of a place: used there, and all else of what it sold."""
    values = {"kind": str(kind), "start": str(period.start), "end": str(period.end), **asked}
    if period.place and "sold_at" not in asked:
        is_use = asked.get("flow") == Flow.USED
        values["location" if is_use else "sold_at"] = str(period.place.pk)
    return f"{reverse('reports:movements')}?{urlencode(values)}"


def source_label(source: str) -> str:
    return Source(source).label if source else NO_SOURCE


def sealed_said(
    on: dt.date, today: dt.date, places: list[Location], sealed: dict[int, dt.date]
) -> str:
    """Whether what is shown can still change; nothing where the day is not over."""
    if on >= today:
        return ""
    still = "a late entry could still change these figures."
    missing = [place.name for place in places if sealed.get(place.pk, dt.date.min) < on]
    if not missing:
        return f"{_day(on)} is sealed: these figures cannot change any more."
    if len(missing) == len(places) > 1:
        return f"{_day(on)} is sealed at no location: {still}"
    return f"{_day(on)} is not sealed at {said.listed(missing)}: {still}"


def _signed(each: Said) -> Money:
    return -each.amount if each.sign == "less" else each.amount


def _by_source(item: tuple[str, int]) -> int:
    return [*Source.values, ""].index(item[0])


def _day(day: dt.date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
