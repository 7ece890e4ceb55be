"""The journal, whole, as texts to write one after the other."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TypeVar

from django.db.models import Exists, OuterRef

from ledger import account_names, causes
from ledger.exporting import rows
from ledger.exporting.amounts import digits_of
from ledger.exporting.chart import read_chart
from ledger.exporting.formats import Event, Format, Leg
from ledger.exporting.names import Named, Names
from ledger.exporting.rows import ALWAYS, BATCH, Act, Span
from ledger.kinds import GUARDED, EntryKind
from ledger.models import Account, Posting
from salon.database import one_moment
from salon.models import Location, StaffMember

OPENING = "Opening balances"
CARRIED = "Carried forward"
WIDE = 500
"""So many legs has an opening entry at most: ledger's time goes with the square of them."""
Item = TypeVar("Item")


def journal(
    *, form: Format, span: Span = ALWAYS, together: bool = True, names: bool = False
) -> Iterator[str]:
    """Every entry of these days, in order of entry id, as texts of some hundred kilobytes.

    With a first day, an entry of the day before carries what stood on each account, so that every
    balance at the end is ours. `together`: all clients share an account, and gift cards one.
    `names`: with the clients' names. Reads one snapshot; holds it until the last text is taken.
    About five queries for 4,000 entries.
    """
    with one_moment():
        yield from _Writing(form, span, together, names).texts()


@dataclass
class _Writing:
    form: Format
    span: Span
    together: bool
    with_names: bool
    entries: int = 0
    postings: int = 0
    places: dict[int, str] = field(default_factory=dict)
    people: dict[int | None, str] = field(default_factory=dict)

    def texts(self) -> Iterator[str]:
        self.names = Names(self.form.legal, read_chart(), self.together)
        self.places = dict(Location.objects.values_list("pk", "name"))
        self.people = dict(StaffMember.objects.values_list("pk", "name"))
        currencies = Account.objects.order_by("currency").values_list("currency", flat=True)
        yield self.form.head(self.span, list(currencies.distinct()))
        yield from self._declarations()
        if self.span.start:
            yield self.form.declared(self.names.own("Equity", CARRIED), "")
            yield from self._opening(self.span.start)
        for acts, legs in rows.batches(self.span):
            yield self._batch(acts, legs)
        yield self.form.foot(self.entries, self.postings)

    def _declarations(self) -> Iterator[str]:
        """Each account that is posted to, once, also where it is several of ours."""
        posted = Posting.objects.filter(account=OuterRef("pk"))
        if self.span.end:
            posted = posted.filter(business_date__lte=self.span.end)
        used = Account.objects.filter(Exists(posted)).values_list("kind", "name").distinct()
        found = used.order_by("kind", "name").iterator(chunk_size=BATCH)
        shared: set[str] = set()
        for some in _parts(found, BATCH):
            called = self._called(some)
            text = ""
            for kind, name in some:
                written = self.names.text(kind, name)
                if self._is_own(kind) or written not in shared:
                    who = called.get(name, "")
                    text += self.form.declared(written, "" if written.endswith(f":{who}") else who)
                if not self._is_own(kind):
                    shared.add(written)
            yield text

    def _called(self, accounts: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Who or what they are. Not those that share an account, and clients only where asked."""
        telling = [
            name
            for kind, name in accounts
            if (self.with_names and self._is_own(kind))
            or (kind not in GUARDED and not self.names.chart.of(kind, name))
        ]
        return {name: each.name for name, each in account_names.named(telling).items()}

    def _is_own(self, kind: str) -> bool:
        """Whether accounts of this kind are one for each client or gift card."""
        return kind in GUARDED and not self.together

    def _opening(self, start: dt.date) -> Iterator[str]:
        """What stood on every account; all of it adds up to nothing, as the books did on that day.

        Of the day before, so that what was earned until then is not earned in these days.
        """
        event = Event(None, str(start - dt.timedelta(days=1)), OPENING)
        kinds = [] if self.together else GUARDED
        for legs in _parts(chain(self._shared(start, kinds), self._own(start, kinds)), WIDE):
            legs += self._against(legs)
            yield self.form.entry(event, legs)
            self.entries += 1
            self.postings += len(legs)

    def _against(self, legs: list[Leg]) -> Iterator[Leg]:
        """What these legs are off by, carried to the next entry; the last one has nothing left."""
        off: dict[str, int] = defaultdict(int)
        for to, net, _ in legs:
            off[to.currency] += net
        text = self.names.own("Equity", CARRIED)
        for code, net in off.items():
            if net:
                yield Named(text, code, digits_of(code), "", ""), -net, None

    def _shared(self, start: dt.date, kinds: list[str]) -> Iterator[Leg]:
        """Several of our accounts may be one outside: then they are summed."""
        sums: dict[tuple[str, str], tuple[Named, int]] = {}
        for kind, name, currency, net in rows.house_sums(start, kinds):
            named = self.names.named(kind, name, currency)
            known = sums.get((named.text, currency), (named, 0))[1]
            sums[named.text, currency] = named, known + net
        return ((named, net, None) for named, net in sums.values() if net)

    def _own(self, start: dt.date, kinds: list[str]) -> Iterator[Leg]:
        for kind, name, currency, net in rows.client_sums(start, kinds):
            yield self.names.named(kind, name, currency), net, None

    def _batch(self, acts: list[Act], legs: list[list[rows.Leg]]) -> str:
        called = causes.names_of(acts)
        known = self.names.load({leg[0] for some in legs for leg in some})
        entry = self.form.entry
        self.entries += len(acts)
        self.postings += sum(map(len, legs))
        return "".join(
            entry(
                self._event(act, called.get((act.cause_kind, act.cause_id), "")),
                [(known[account], amount, lot) for account, amount, lot in some],
            )
            for act, some in zip(acts, legs, strict=True)
        )

    def _event(self, act: Act, called: str) -> Event:
        return Event(
            act.id,
            str(act.on),
            _said(act.kind, called),
            act.key,
            self.places.get(act.location, ""),
            self.people.get(act.staff, ""),
            act.reason,
            act.note,
            f"{act.cause_kind} {act.cause_id}".strip(),
            act.reverses,
        )


_LABELS = {kind.value: str(kind.label) for kind in EntryKind}


def _said(kind: str, called: str) -> str:
    """Sale #1042; Payment, Sale #1042; Expired."""
    label = _LABELS.get(kind, kind)
    if called.startswith(label):
        return called
    return f"{label}, {called}" if called else label


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
