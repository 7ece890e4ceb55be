"""Pages of the demo's outbox; included only when DEMO is on, and open to everybody then."""

from __future__ import annotations

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from salon.outbox import Mail, mail_named, newest_mails


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """All messages, the newest on top."""
    return render(request, "outbox/list.html", {"mails": newest_mails()})


@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One message, its HTML in a frame of its own."""
    return render(request, "outbox/detail.html", {"mail": _mail_or_404(name)})


# A message brings inline styles and may bring anything else: in a sandbox, styles are all it gets.
@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # its types know views without arguments only
    {
        "default-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "script-src": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups"],
    }
)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML alternative itself, for the frame."""
    return HttpResponse(_mail_or_404(name).html)


def _mail_or_404(name: str) -> Mail:
    found = mail_named(name)
    if found is None:
        raise Http404("No such message in the outbox.")
    return found


app_name = "outbox"
urlpatterns = [
    path("", outbox, name="list"),
    path("<str:name>/", mail, name="detail"),
    path("<str:name>/html/", mail_html, name="html"),
]
