"""Who wants to be a member, as they typed it online."""

from dataclasses import dataclass
from typing import ClassVar

from clients.by_contact import Contact

CALL_US = (
    "This can’t be done online. Nothing was charged. Please call the salon; if you are a client "
    "already, look into your e-mail, too."
)


@dataclass(frozen=True)
class Joiner(Contact):
    """What somebody who wants to be a member typed about themselves."""

    nothing: ClassVar[str] = "Nothing was charged."
    call_us: ClassVar[str] = CALL_US
