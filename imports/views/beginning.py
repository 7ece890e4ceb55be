"""The list of imports, and a file that comes in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from imports.finding import page_of_imports
from imports.forms import UploadForm
from imports.known_columns import PRODUCTS
from imports.showing import steps
from imports.uploading import upload
from imports.views.gate import may_import
from salon import said
from salon.addresses import whole_number
from salon.desk import Desk
from salon.errors import Refusal
from salon.http import DeskRequest


@may_import
@require_safe
def imports(request: DeskRequest) -> HttpResponse:
    """All of them, the latest first. One query, and those of the frame."""
    page, older = page_of_imports(whole_number(request.GET.get("before")))
    context = {"imports": page, "older": older, "products": said.listed(PRODUCTS)}
    return render(request, "imports/list.html", context)


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """A file and a location; then its columns."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, places=request.locations, here=request.desk.location)
    if not form.is_bound:
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        import_ = upload(file=form.cleaned_data["file"], desk=_desk_at(request, form))
    except Refusal as refused:
        form.refuse(refused)
        return _form(request, form, status=422)
    return redirect("imports:columns", uuid=import_.uuid)


def _desk_at(request: DeskRequest, form: UploadForm) -> Desk:
    """The desk as if it stood where the clients belong."""
    if form.place == request.desk.location:
        return request.desk
    return Desk(staff=request.desk.staff, location=form.place, at=request.desk.at)


def _form(request: DeskRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "steps": steps(0), "products": said.listed(PRODUCTS)}
    return render(request, "imports/new.html", context, status=status)
