"""Another card for a membership, from the member's own page."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cards.saving import open_saving
from cards.views.saving import address_for_record
from memberships.changing.cards import ask_for_card
from memberships.models import Membership
from memberships.own.links import membership_token, read_membership
from memberships.own.page import OwnPage
from memberships.own.paying import card_came
from memberships.views.own_gate import of_membership, show
from salon.errors import Refusal
from salon.guessing import Tries
from salon.links import whole_address
from salon.public_pages import SeeOther

_ASKED = Tries("membership-card-asked", 10, 60 * 60)
CHANGED = (
    "What you agree to has changed while you looked. No card was kept, and nothing was charged. "
    "Look it over and go on."
)
TOO_OFTEN = "Another card was asked for too often within an hour. Nothing was changed. Call us."


@of_membership
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What is agreed to with another card, and on to the processor's page."""
    if not membership.is_standing:
        return SeeOther(reverse("memberships:own", args=[membership_token(membership)]))
    if request.method != "POST":
        return _show(request, membership)
    who = str(membership.uuid)
    if not request.POST.get("consent"):
        return _show(request, membership, "Tick that you agree. No card was kept.", 422)
    shown = OwnPage(membership)
    if request.POST.get("seen", shown.consent_print) != shown.consent_print:
        return _show(request, membership, CHANGED, 409)
    if not _ASKED.take(who):
        return _show(request, membership, TOO_OFTEN, 429)
    try:
        saving = ask_for_card(
            membership=membership,
            back_url=whole_address("memberships:own_card_back", membership_token(membership)),
            address=address_for_record(request),
            device=request.headers.get("user-agent", "")[:300],
            terms=shown.card_consent,
        )
        return SeeOther(open_saving(saving).url)
    except Refusal as refused:
        return _show(request, membership, refused.message, 409)


@of_membership
@require_safe
def card_back(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Back from the processor's page: whether a card is kept, and what became of what is owed."""
    told = card_came(membership)
    return show(request, read_membership(membership_token(membership)), told=told, is_back=True)


def _show(
    request: HttpRequest, membership: Membership, notice: str = "", status: int = 200
) -> HttpResponse:
    return show(request, membership, "own_card", notice=notice, status=status)
