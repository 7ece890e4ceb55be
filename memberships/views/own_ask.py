"""The link to a member's own page, e-mailed again to whoever asks for it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from memberships.own.forms import LinkForm
from memberships.own.telling import send_links_to
from memberships.views.own_gate import page
from salon.guessing import Tries, connection_of

HOUR = 60 * 60
_BY_DEVICE = Tries("membership-link-from", 10, HOUR)
_BY_EMAIL = Tries("membership-link-to", 3, HOUR)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether somebody is a member or not; ten an hour from one device,
    three to one address.
    """
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return page(request, "own_ask", {"form": form})
    if not form.is_valid():
        return page(request, "own_ask", {"form": form}, 422)
    if not _BY_DEVICE.take(connection_of(request)):
        return page(request, "own_ask", {"form": form, "is_paused": True}, 429)
    email = form.cleaned_data["email"]
    if _BY_EMAIL.take(email.casefold()):
        send_links_to(email)
    return page(request, "own_asked", {"email": email})
