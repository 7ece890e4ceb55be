"""Who did what, when, from which till: settings and money, in the order of time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from salon import permissions
from salon.access import permission_required
from salon.auditing.records import Record, Spot, Wanted
from salon.auditing.sources import every, newest, sources
from salon.http import DeskRequest
from salon.models import StaffMember, Till
from salon.reporting.page import Page, form_for, show
from salon.reporting.periods import PeriodForm
from salon.reporting.tables import Column, Kind, Line, Table, Value

KEY = "audit"
SHOWN = 50

_WHEN = Column("at", "When", Kind.MOMENT)
_WHAT = Column("what", "What", is_title=True)
_AMOUNT = Column("amount", "Amount", Kind.MONEY, is_amount=True, hide_zero=True)
_NOTE = Column("note", "Note")
ON_PAGE = [
    _WHEN,
    _WHAT,
    Column("change", "Before and after"),
    replace(_NOTE, is_extra=True),
    Column("who_and_where", "Who and where"),
    _AMOUNT,
]
IN_FILE = [
    _WHEN,
    _WHAT,
    Column("about", "About"),
    _AMOUNT,
    Column("before", "Before"),
    Column("after", "After"),
    _NOTE,
    Column("who", "Who"),
    Column("place", "Location"),
    Column("till", "Till"),
]


class AuditForm(PeriodForm):
    """`?words=&who=&till=&kind=` beside the days and the place."""

    words = forms.CharField(
        required=False,
        label="Search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, sale, note"}),
    )
    who = forms.ModelChoiceField(
        StaffMember.objects.none(), required=False, label="Who", empty_label="Anybody"
    )
    till = forms.ModelChoiceField(
        Till.objects.none(), required=False, label="Till", empty_label="Any till or none"
    )
    kind = forms.ChoiceField(required=False, label="Kind")
    field_order = ["period", "start", "end", "words", "who", "till", "kind", "location"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        people = self.fields["who"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = StaffMember.objects.order_by("name")
        tills = self.fields["till"]
        assert isinstance(tills, forms.ModelChoiceField)
        tills.queryset = Till.objects.select_related("location").order_by("location", "id")
        tills.label_from_instance = _named  # type: ignore[method-assign, assignment]
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [("", "Everything"), *((each.key, each.label) for each in sources())]

    def wanted(self, request: DeskRequest) -> Wanted:
        """What was asked for, as far as it makes sense. Days go by the clock of the
        chosen location, from midnight to midnight."""
        period = self.value
        zone = (period.place or request.desk.location).zone
        return Wanted(
            start=dt.datetime.combine(period.start, dt.time(), zone),
            end=dt.datetime.combine(period.end + dt.timedelta(days=1), dt.time(), zone),
            place=period.place,
            staff=self.chosen("who"),
            till=self.chosen("till"),
            source=self.chosen("kind") or "",
            words=(self.chosen("words") or "").replace("\x00", "").strip(),
        )


@permission_required(permissions.VIEW_AUDIT)
@require_safe
def audit(request: DeskRequest) -> HttpResponseBase:
    """The newest first, fifty a page; the file has all. A fixed number of queries a source."""
    # Days by the clock: after midnight it is already the next one, also for what just happened.
    today = request.desk.at.astimezone(request.desk.location.zone).date()
    form: AuditForm = form_for(request, AuditForm, today)
    wanted = form.wanted(request)
    found = newest(wanted, Spot.parse(request.GET.get("before")), SHOWN + 1)
    in_file = request.GET.get("file") == "rows"
    table = Table(
        columns=IN_FILE if in_file else ON_PAGE,
        lines=[_line(record) for record in found[:SHOWN]],
        title="The newest first",
        empty="Nobody did anything like that in these days. Widen what you look for.",
        note=(
            "Money stands at the moment it moved, settings at the moment they were changed. These "
            "rows cannot be changed or deleted; the program itself has no right to."
        ),
        older_url=_older(request, found),
        file_lines=_every(wanted) if in_file else None,
    )
    return show(request, Page(KEY, form, [table]))


def _line(record: Record) -> Line:
    who = record.who or "By itself, or a client"
    values: dict[str, Value] = {
        "at": timezone.localtime(record.at),
        "what": record.what,
        "about": record.about,
        "amount": record.amount,
        "before": record.before,
        "after": record.after,
        "change": _change(record),
        "note": record.note,
        "who": who,
        "place": record.place,
        "till": record.till,
        "who_and_where": " · ".join(part for part in (who, record.place, record.till) if part),
    }
    return Line(values, url=record.url, note=record.about)


def _change(record: Record) -> str:
    """What it was and what it became; nothing where neither is known."""
    if not (record.before or record.after):
        return ""
    return f"{record.before or 'nothing'} → {record.after or 'nothing'}"


def _every(wanted: Wanted) -> Iterator[Line]:
    return (_line(record) for record in every(wanted))


def _older(request: DeskRequest, found: Sequence[Record]) -> str:
    """The next page, where there is one: it goes on from the last line of this one."""
    if len(found) <= SHOWN:
        return ""
    chosen = {key: value for key, value in request.GET.items() if key != "before"}
    return f"?{urlencode({**chosen, 'before': str(found[SHOWN - 1].spot)})}"


def _named(till: Till) -> str:
    return f"{till.location.name} · {till.name}"
