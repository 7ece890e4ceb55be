"""How enrolling went: back from the card page, and another try."""

import uuid as uuids

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from memberships.enrolling.outcome import outcome_of
from memberships.models import Enrolment
from memberships.views.join import go_on
from memberships.views.join_gate import by_token, page
from salon.public_pages import SeeOther, uuid_in


@by_token
@require_safe
def done(request: HttpRequest, token: str, enrolment: Enrolment) -> HttpResponse:
    """A member; or what is still to be done, and for how long; or why not."""
    outcome = outcome_of(enrolment, token)
    context = {
        "token": token,
        "outcome": outcome,
        "enrolment": outcome.enrolment,
        "plan": outcome.enrolment.plan,
        "membership": outcome.membership,
        "stand": outcome.stand.value,
        "location": outcome.enrolment.location,
        "uuid": uuids.uuid4(),
    }
    return page(request, "done", context)


@by_token
@require_POST
def again(request: HttpRequest, token: str, enrolment: Enrolment) -> HttpResponse:
    """Another try to pay, while it waits."""
    if not enrolment.is_waiting:
        return SeeOther(reverse("memberships:join_done", args=[token]))
    return SeeOther(go_on(enrolment, uuid_in(request)))
