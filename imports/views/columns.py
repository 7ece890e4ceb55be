"""What the columns are: guessed, shown with samples, and kept."""

import uuid as uuids

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from imports.finding import import_or_404
from imports.forms_columns import ColumnsForm
from imports.mapping import map_columns, options_of
from imports.models import Import
from imports.showing import samples_of, steps
from imports.uploading import earlier
from imports.views.gate import NOT_YET_IN, may_import, moved_on, to_where_it_is
from salon.errors import Refusal
from salon.http import DeskRequest
from salon.refusing import refusal_told


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """The form; kept, the worker checks every row."""
    import_ = import_or_404(uuid)
    if import_.status not in NOT_YET_IN:
        return moved_on(request, import_)
    if request.method != "POST":
        return _form(request, import_, ColumnsForm(import_=import_))
    form = ColumnsForm(request.POST, import_=import_)
    if not form.is_valid():
        return _form(request, import_, form, status=422)
    try:
        map_columns(import_=import_, mapping=form.mapping, options=form.options, desk=request.desk)
    except Refusal as refused:
        import_.refresh_from_db()
        if import_.status not in NOT_YET_IN:
            return moved_on(request, import_)
        form.refuse(refused)
        return _form(request, import_, form, status=422)
    return to_where_it_is(request, import_)


@may_import
@require_POST
def check_again(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """With the same columns: clients may have come or gone since."""
    import_ = import_or_404(uuid)
    if import_.status not in NOT_YET_IN:
        return moved_on(request, import_)
    with refusal_told(request):
        map_columns(
            import_=import_,
            mapping=import_.mapping,
            options=options_of(import_),
            desk=request.desk,
        )
    return to_where_it_is(request, import_)


def _form(
    request: DeskRequest, import_: Import, form: ColumnsForm, *, status: int = 200
) -> HttpResponseBase:
    context = {
        "import": import_,
        "form": form,
        "columns": zip(import_.columns, samples_of(import_), form.column_fields, strict=True),
        "earlier": earlier(import_),
        "steps": steps(1),
    }
    return render(request, "imports/columns.html", context, status=status)
