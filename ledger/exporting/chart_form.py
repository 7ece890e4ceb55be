"""Typing a code of the owner's chart."""

import re
from collections import defaultdict
from typing import Any

from django import forms

from ledger.account_names import named
from ledger.kinds import GUARDED, AccountKind
from ledger.models import Account, AccountCode

_CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z.-]*")


class AccountCodeForm(forms.ModelForm):
    """Offers the house's accounts; those of clients and gift cards are mapped by their kind."""

    name = forms.ChoiceField(required=False, label="Account")

    class Meta:
        model = AccountCode
        fields = ["kind", "name", "code", "title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Every account of the kind"), *_known_accounts(self.instance.name)]

    def clean_code(self) -> str:
        """With a digit in it, so that it is never what one of our own accounts is called."""
        code = self.cleaned_data["code"]
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(
                "Enter letters, digits, points and hyphens, with a digit among them: 4010, A-12."
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, name = cleaned.get("kind", ""), cleaned.get("name", "")
        if kind and name and name.partition("/")[0] != kind:
            is_of = AccountKind(name.partition("/")[0]).label
            self.add_error("name", f"This account is of the kind {is_of}. Choose that kind, too.")
        self._check_title(cleaned.get("code", ""), cleaned.get("title", ""))
        return cleaned

    def _check_title(self, code: str, title: str) -> None:
        """A code is one account of the owner's and has one name."""
        others = AccountCode.objects.filter(code=code).exclude(pk=self.instance.pk)
        known = others.exclude(title="").values_list("title", flat=True).first()
        if title and known and known != title:
            self.add_error(
                "title", f"{code} is called “{known}” already. Enter that, or leave this empty."
            )


def _known_accounts(also: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The house's accounts by kind. A query, and one for each kind of subject."""
    house = Account.objects.exclude(kind__in=GUARDED).order_by("kind", "name").distinct()
    names = set(house.values_list("name", flat=True)) | ({also} if also else set())
    called = named(names)
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(names):
        by_kind[name.partition("/")[0]].append((name, f"{called[name].name} ({name})"))
    return [(kind.label, by_kind[kind]) for kind in AccountKind if kind in by_kind]
