"""One request for a deposit, one writer at a time: its visit first, as everywhere."""

import uuid as uuids

from appointments.locking import lock
from deposits.models import DepositRequest


def lock_request(uuid: uuids.UUID | str) -> DepositRequest:
    """The request as it is now, with its visit and that one's client and location; both are locked.

    DoesNotExist where there is none. Three queries.
    """
    visit = DepositRequest.objects.select_related("appointment").get(uuid=uuid).appointment
    locked = lock(visit)
    request = DepositRequest.objects.select_for_update(of=("self",)).get(uuid=uuid)
    request.appointment = locked
    return request
