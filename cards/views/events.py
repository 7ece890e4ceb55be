"""Where the processor tells what happened."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cards import gateways
from cards.events import receive
from cards.gateway import Forged


@csrf_exempt
@login_not_required
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Keep one event and apply it. 2xx: it is kept, and need not be sent again.

    What cannot be applied now is kept too, and the sweep tries again.
    """
    gateway = gateways.current()
    if gateway is None:
        return HttpResponse("No card processor is connected.", status=503)
    try:
        event = gateway.read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except Forged as forged:
        return HttpResponse(str(forged), status=400)
    receive(event)
    return HttpResponse()
