"""Saving what was typed into the form of a client."""

from django.db import transaction

from clients.forms import ClientForm
from clients.models import Client
from salon.changing_settings import record_changes, subject
from salon.models import StaffMember, Till

LIMIT = "The most that this client may owe"


@transaction.atomic
def save_client(*, form: ClientForm, staff: StaffMember, till: Till | None = None) -> Client:
    """Save a valid form. How much the client may owe is policy: its change leaves a record."""
    client = form.save()
    if "iou_limit" in form.fields:
        before = form.initial.get("iou_limit")
        record_changes(
            subject=subject(client),
            before={LIMIT: "" if before is None else before},
            after={LIMIT: "" if client.iou_limit is None else client.iou_limit},
            staff=staff,
            till=till,
        )
    return client
