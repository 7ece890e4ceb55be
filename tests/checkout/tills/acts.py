"""A till's acts in short words."""

import uuid

from checkout.models import CashMovement, TillSession
from checkout.tills.closing import close_till
from checkout.tills.moving import pay_in, pay_out
from checkout.tills.opening import open_till
from salon.desk import Desk
from salon.models import Till
from tests.factories import dollars


def opens(desk: Desk, counted: str | int = 100, till: Till | None = None, **more) -> TillSession:
    return open_till(
        till=till or desk.till,
        counted=dollars(counted),
        desk=desk,
        uuid=more.pop("uuid", None) or uuid.uuid4(),
    )


def pays_in(desk: Desk, amount: str | int, reason: str = "Change", **more) -> CashMovement:
    more.setdefault("till", desk.till)
    more.setdefault("uuid", uuid.uuid4())
    return pay_in(amount=dollars(amount), desk=desk, reason=reason, **more)


def pays_out(desk: Desk, amount: str | int, reason: str = "Milk", **more) -> CashMovement:
    more.setdefault("till", desk.till)
    more.setdefault("uuid", uuid.uuid4())
    return pay_out(amount=dollars(amount), desk=desk, reason=reason, **more)


def closes(
    desk: Desk, session: TillSession, counted: str | int, left_in: str | int = 0, **more
) -> TillSession:
    return close_till(
        session=session, counted=dollars(counted), left_in=dollars(left_in), desk=desk, **more
    )
