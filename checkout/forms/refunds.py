"""The refund page's form: which lines, or which payment; how much; where to. It only parses."""

import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from djmoney.money import Money

from checkout.models import LineItem, Tender
from clients.models import Client
from salon import said
from salon.forms import MoneyInput, RefusableForm

LINES, PAYMENT = "lines", "payment"
INCOMPLETE = "This form came in incomplete. Nothing was refunded. Load the page again."
MODES = [(LINES, "Lines"), (PAYMENT, "A payment")]


@dataclass(frozen=True)
class Pick:
    """One row to choose: a line or a payment, and what of it can go back."""

    thing: LineItem | Tender
    name: str
    note: str
    whole: Money
    left: Money
    mode: str
    is_usual: bool = True
    """Part of "everything"; a tip is not, somebody has to tick it."""

    @property
    def field(self) -> str:
        """The name of its amount; the verbs' refusals name it too."""
        return f"{'line' if self.mode == LINES else 'amount'}_{self.thing.pk}"

    @property
    def all(self) -> str:
        """What is left, as one would type it: 40.00."""
        return MoneyInput.widget().format_value(self.left) or ""


class RefundForm(RefusableForm):
    """Fields for each pick with something left, and for each payment a way back.

    `agreed` is the mark of the outcome that the desk has seen (refund_outcome.Outcome).
    """

    uuid = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )
    agreed = forms.CharField(required=False, widget=forms.HiddenInput)
    client = forms.ModelChoiceField(
        Client.objects.active(),
        required=False,
        error_messages={"invalid_choice": "Choose one of the clients that were found."},
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=240,
        error_messages={"max_length": "Say it in at most 240 characters."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, *, picks: list[Pick], tenders: list[Tender], **kwargs: Any
    ) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.picks = {
            mode: {str(pick.thing.pk): pick for pick in picks if pick.mode == mode and pick.left}
            for mode in (LINES, PAYMENT)
        }
        self.tenders = tenders
        self.modes = [mode for mode in MODES if self.picks[mode[0]]] or MODES
        self.fields["mode"] = forms.ChoiceField(choices=self.modes)
        for mode, field in ((LINES, _Several), (PAYMENT, _One)):
            self.fields[f"chosen_{mode}"] = field(
                choices=[(key, pick.name) for key, pick in self.picks[mode].items()]
            )
            for pick in self.picks[mode].values():
                self.fields[pick.field] = _amount(pick)
        for tender in tenders:
            self.fields[f"destination_{tender.pk}"] = forms.CharField(required=False, max_length=24)

    @classmethod
    def everything(cls, mode: str, chosen: list[str], **kwargs: Any) -> "RefundForm":
        """The form as somebody would send it who refunds all that is left of these picks."""
        form = cls(None, **kwargs)
        data: dict[str, Any] = {
            "uuid": str(uuids.uuid4()),
            "mode": mode,
            f"chosen_{mode}": chosen if mode == LINES else chosen[0],
        }
        for key in chosen:
            if pick := form.picks[mode].get(key):
                data[pick.field] = pick.all
        return cls(data, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        mode = cleaned.get("mode", "")
        self._forget_what_is_not_chosen(mode)
        if mode and f"chosen_{mode}" not in self.errors and not self._chosen(mode):
            what = "at least one line" if mode == LINES else "a payment"
            self.add_error(f"chosen_{mode}", f"Choose {what}. Nothing was refunded.")
        for pick in self._chosen(mode):
            if pick.field not in self.errors and cleaned.get(pick.field) is None:
                self.add_error(pick.field, "Enter an amount.")
        return cleaned

    def _forget_what_is_not_chosen(self, mode: str) -> None:
        """What stands in a row that is not chosen is nobody's mistake."""
        chosen = {pick.field for pick in self._chosen(mode)}
        for picks in self.picks.values():
            for pick in picks.values():
                if pick.field not in chosen:
                    self.errors.pop(pick.field, None)
        for other in {LINES, PAYMENT} - {mode}:
            self.errors.pop(f"chosen_{other}", None)

    def _chosen(self, mode: str) -> list[Pick]:
        if mode not in self.picks:
            return []
        keys = self.cleaned_data.get(f"chosen_{mode}") or []
        keys = [keys] if isinstance(keys, str) else keys
        return [self.picks[mode][key] for key in keys]

    @property
    def current_mode(self) -> str:
        """Lines or a payment, as sent; the first that there is anything of when nothing was."""
        sent = self["mode"].value() if self.is_bound else ""
        modes = [mode for mode, _ in self.modes]
        return sent if sent in modes else modes[0]

    @property
    def amounts(self) -> dict[Any, Money]:
        """Valid form: the chosen lines, or the one payment, with how much of each."""
        chosen = self._chosen(self.cleaned_data["mode"])
        return {pick.thing: self.cleaned_data[pick.field] for pick in chosen}

    @property
    def wishes(self) -> Mapping[int, str]:
        """Where the desk wants each payment's part to go; empty where nothing was said."""
        return {
            tender.pk: self.cleaned_data.get(f"destination_{tender.pk}", "")
            for tender in self.tenders
        }

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error, with the id of the place on the page that it is about; none for no place."""
        places = {"client": "find_client", "chosen_lines": "error_chosen_lines"}
        places |= {"chosen_payment": "error_chosen_payment", "uuid": "", "__all__": ""}
        return [
            (places.get(name, "outcome" if "destination" in name else f"id_{name}"), str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]


class _Several(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        wrong = "One of these lines has nothing left to refund. Load the page again."
        super().__init__(required=False, error_messages={"invalid_choice": wrong}, **kwargs)


class _One(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        wrong = "Nothing is left to refund of that payment. Load the page again."
        super().__init__(required=False, error_messages={"invalid_choice": wrong}, **kwargs)


def _amount(pick: Pick) -> MoneyInput:
    too_much = f"Only {said.amount(pick.left)} of this can go back."
    return MoneyInput(
        label=f"Amount for {pick.name}",
        required=False,
        most=pick.left,
        error_messages={"too_much": too_much},
    )
