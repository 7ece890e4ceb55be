"""What every form of the order page carries."""

import uuid as uuids
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from checkout.errors import Refused
from checkout.models import Order
from salon.desk import Desk


class ActForm(forms.Form):
    """A form that does something to an open order.

    `revision` is the one that the page showed, `uuid` names the act: the same form sent twice does
    it once. Their hidden inputs are in templates/checkout/_act.html.
    """

    came_from: str = ""
    """Where this browser reached the program, for pages elsewhere that lead back: https://desk."""
    meant: ClassVar[dict[str, str]] = {}
    """Fields of a refusal that this form calls otherwise: {"amount": "unit_price"}."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, order: Order, desk: Desk, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.order = order
        self.desk = desk
        self.is_stale = False
        self.made: object = None
        """What its act made, once it went through."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"revision", "uuid"} & self.errors.keys():
            for name in ("revision", "uuid"):
                self.errors.pop(name, None)
            raise ValidationError("This form came in incomplete. Nothing was done. Try it again.")
        return cleaned

    @cached_property
    def act(self) -> uuids.UUID:
        """The act's name: the one that was sent, as long as it was not done; else a new one."""
        try:
            return uuids.UUID(str(self.data["uuid"]))
        except (KeyError, ValueError):
            return uuids.uuid4()

    @property
    def identity(self) -> dict[str, Any]:
        """What the verbs take to do it once, and only on the order that was seen."""
        return {"uuid": self.cleaned_data["uuid"], "revision": self.cleaned_data["revision"]}

    def begin_anew(self) -> None:
        """The act was done and came to nothing: what is sent next is another one."""
        self.act = uuids.uuid4()

    def refuse(self, refusal: Refused) -> None:
        """Put a verb's refusal next to the field that it is about."""
        field = self.meant.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)
