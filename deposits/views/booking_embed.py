"""The script that puts the booking pages into another site."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe


@login_not_required
@require_safe
@cache_control(public=True, max_age=60 * 60)
@conditional_page
def script(request: HttpRequest) -> HttpResponse:
    """At an address that stays, unlike those of other static files: it stands in others' pages."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@cache
def _script() -> bytes:
    return (settings.BASE_DIR / "static" / "js" / "embed.js").read_bytes()
