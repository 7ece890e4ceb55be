"""Pages of a shared tablet: who is there, and a PIN of one's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from salon import pins, shared_tablet, switching
from salon.addresses import our_own
from salon.http import DeskRequest
from salon.pin_forms import PinForm, SwitchForm


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: DeskRequest) -> HttpResponse:
    """The names of who works here and has a PIN; the right one, and the tablet is theirs.

    Back to `next`, the page that they came from.
    """
    back = our_own(request, request.POST.get("next") or request.GET.get("next")) or "/"
    people = pins.people_at(request.desk.location) if request.desk else []
    is_locked = shared_tablet.is_locked(request)
    form = SwitchForm(
        request.POST if request.method == "POST" else None,
        request=request,
        people=people,
        chosen=request.user if is_locked else None,
    )
    if form.is_bound and form.is_valid():
        switching.switch_to(request, form.person)
        messages.success(request, f"{form.person} is at the desk.")
        return redirect(back)
    context = {
        "form": form,
        "people": people,
        "next": back,
        "is_locked": is_locked,
        "lacks_pin": request.user not in people,
    }
    return render(request, "salon/switch.html", context, status=422 if form.is_bound else 200)


@require_safe
def here(request: DeskRequest) -> HttpResponse:
    """Somebody touches a page without sending anything: that counts as being there."""
    return HttpResponse(status=204)


@require_safe
@shared_tablet.passive
def look(request: DeskRequest) -> HttpResponse:
    """A page asks by itself whether the desk is locked; then the middleware answers instead."""
    return HttpResponse(status=204)


@sensitive_post_parameters("password", "pin", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_pin(request: DeskRequest) -> HttpResponse:
    """Choose a PIN, another one, or none."""
    staff = request.user
    if "clear" in request.POST:
        pins.clear_pin(staff=staff, by=staff, till=request.desk.till)
        messages.success(request, "You have no PIN any more. You log in with your password.")
        return redirect("my-pin")
    data = request.POST if request.method == "POST" else None
    form = PinForm(data, request=request, staff=staff)
    if form.is_bound and form.is_valid():
        pins.set_pin(staff=staff, pin=form.cleaned_data["pin"], till=request.desk.till)
        messages.success(request, "Your PIN is set. It works on every tablet of the salon.")
        return redirect("my-pin")
    return render(request, "salon/my_pin.html", {"form": form}, status=422 if data else 200)
