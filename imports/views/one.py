"""One import: the page of where it stands, and how far a job is."""

import uuid as uuids

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from imports.confirming import looks_lost
from imports.finding import import_or_404
from imports.forms import ConfirmForm
from imports.models import Import, Progress, Status
from imports.showing import page_of_rows, stayed_of, steps_of, tab_asked, tabs_of
from imports.views.gate import may_import, to_where_it_is
from salon.addresses import whole_number
from salon.http import DeskRequest

_TEMPLATES = {
    Status.READY: "imports/preview.html",
    Status.DONE: "imports/done.html",
    Status.TAKEN_BACK: "imports/taken_back.html",
    Status.FAILED: "imports/failed.html",
    Status.DISCARDED: "imports/discarded.html",
}


@may_import
@require_safe
def one(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """Where it stands: to be named, at work, to be looked at, in, taken back. Three queries at
    most, and those of the frame.

    `?tab=` and `?after=`: which rows; for htmx the rows alone.
    """
    import_ = import_or_404(uuid)
    if import_.status == Status.MAPPING:
        return redirect("imports:columns", uuid=uuid)
    if import_.is_at_work:
        if request.htmx.target == "more":
            return to_where_it_is(request, import_)
        return render(request, "imports/waiting.html", _waiting(import_))
    return shown(request, import_)


@may_import
@require_safe
def progress(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """How far it is, every other second; once it is over, on to the page that says what came."""
    import_ = import_or_404(uuid)
    if not import_.is_at_work:
        return to_where_it_is(request, import_)
    return render(request, "imports/_progress.html", _waiting(import_))


def shown(
    request: DeskRequest, import_: Import, form: ConfirmForm | None = None, *, status: int = 200
) -> HttpResponseBase:
    """An import that nothing is at work on. `form`: what was typed and refused."""
    if request.htmx.target == "more":
        return render(request, "imports/_rows.html", rows_of(request, import_))
    context = {"import": import_, "steps": steps_of(import_), **rows_of(request, import_)}
    if import_.status == Status.READY:
        form = form or ConfirmForm(import_=import_)
        context |= {"form": form, "earlier": form.earlier}
    if import_.status == Status.TAKEN_BACK:
        context["stayed"] = stayed_of(import_)
    return render(request, _TEMPLATES[Status(import_.status)], context, status=status)


def rows_of(request: DeskRequest, import_: Import) -> dict[str, object]:
    """What the address asks for of the rows, for the templates. Two queries."""
    tab = tab_asked(import_, request.GET.get("tab", ""))
    rows, more = page_of_rows(import_, tab, whole_number(request.GET.get("after")) or 0)
    address = reverse("imports:one", args=[import_.uuid])
    tabs = [
        {
            "label": each.label,
            "url": f"{address}?tab={each.key}",
            "current": each.key == tab,
            "count": f"{each.count:,}",
        }
        for each in tabs_of(import_)
    ]
    return {"import": import_, "tab": tab, "rows": rows, "more": more, "tabs": tabs}


def _waiting(import_: Import) -> dict[str, object]:
    progress = Progress.objects.filter(pk=import_.pk).first()
    return {
        "import": import_,
        "progress": progress,
        "is_lost": looks_lost(import_),
        "steps": steps_of(import_),
    }
