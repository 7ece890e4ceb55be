"""Who stands at the desk: one person takes over from another by PIN, on a tablet that they share.

The tablet's session was opened with a password; a PIN only passes it on. What a PIN does not open
is "Settings and catalog": there one changes who may do what, so it asks for the password.
"""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from salon import clock
from salon.http import DeskRequest
from salon.middleware import SESSION_LOCATION
from salon.models import StaffMember

SESSION_RECENT = "recent"
SESSION_BY_PIN = "by_pin"
SESSION_SEEN = "seen"
"""Seconds since the epoch: when somebody last did something here. Only kept where it is asked."""


def switch_to(request: DeskRequest, staff: StaffMember) -> None:
    """Let the session be this person's from here on, at the same location.

    (The till is the device's, whoever works at it.) The session's key and the token of its forms
    are new: a page that was open before is out of date. The caller has checked the PIN.
    """
    kept: dict[str, Any] = {SESSION_RECENT: request.session.get(SESSION_RECENT, {})}
    if request.desk is not None:
        kept[SESSION_LOCATION] = request.desk.location.pk
    login(request, staff, backend="salon.auth.RoleBackend")
    request.session.cycle_key()
    request.session.update(kept)
    request.session[SESSION_BY_PIN] = True
    see(request)


def came_by_password(request: HttpRequest) -> None:
    """Somebody just logged in with the password: everything is open, and the minutes start anew."""
    request.session.pop(SESSION_BY_PIN, None)
    request.session.pop(SESSION_SEEN, None)


def is_by_pin(request: HttpRequest) -> bool:
    return bool(request.session.get(SESSION_BY_PIN))


def see(request: HttpRequest) -> None:
    """Somebody is here now."""
    request.session[SESSION_SEEN] = int(clock.now().timestamp())


def seconds_unseen(request: HttpRequest) -> int | None:
    """Since when nobody did anything; None where nobody has yet."""
    seen = request.session.get(SESSION_SEEN)
    return None if seen is None else int(clock.now().timestamp()) - seen
