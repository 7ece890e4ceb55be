"""How the desk sets tips: one press for a percentage, an amount for all, or so much for each."""

from collections.abc import Mapping
from typing import Any

from checkout import tips
from checkout.forms.base import ActForm
from checkout.forms.tips import EACH, PERCENT, TipForm
from checkout.models import LineItem
from checkout.offering import Button, LineOffer
from checkout.presenting import OrderPage


class TipOffer(LineOffer):
    kind = tips.TIP
    template = "checkout/_tips.html"
    form = TipForm
    changes = ("unit_price",)
    is_changed_where_added = True

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Tip", "plus", key="t")] if page.lines else []

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        return {
            "basis": tips.basis(page.lines),
            "tipped": any(line.kind == self.kind for line in page.lines),
            "from_balance": page.balances_on and page.policy.tips_from_balance,
        }

    def notes(self, line: LineItem) -> list[str]:
        return ["Not from account credit"] if line.refuses else []

    def add(self, page: OrderPage, form: TipForm) -> list[LineItem]:
        common = {"order": page.order, "desk": page.desk, **form.identity}
        how = form.cleaned_data["how"]
        if how == EACH:
            return tips.set_tips(tips=form.amounts, **common)
        if how == PERCENT:
            return tips.share_tip(
                total=tips.by_percent(form.cleaned_data["percent"], form.lines), **common
            )
        return tips.share_tip(total=form.cleaned_data["total"], **common)

    def told(self, made: LineItem | list[LineItem]) -> str:
        return "Tip set." if made else "No tip."
