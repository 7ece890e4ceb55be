"""How the desk adds services, products, account credit and amounts of its own."""

from collections.abc import Mapping
from typing import Any

from checkout.finding import products_matching, services_by_category
from checkout.forms.base import ActForm
from checkout.forms.client import FOUND
from checkout.forms.lines import (
    AccountCreditsForm,
    CustomForm,
    ProductForm,
    ServiceForm,
    providers,
)
from checkout.lines import add_account_credits, add_custom, add_product, add_service
from checkout.models import LineItem
from checkout.offering import Button, LineOffer
from checkout.offers.payments import quick
from checkout.picking import with_figures
from checkout.presenting import OrderPage
from clients.models import Client
from clients.searching import find_clients
from salon.addresses import whole_number
from salon.terms import TermsBook


class ServiceOffer(LineOffer):
    kind = "service"
    template = "checkout/_add_service.html"
    form = ServiceForm
    needs_staff = True

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Service", "plus", key="s")]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        """With whom was just pressed; else whoever gave the service before it; else the one who
        works here; else ask.
        """
        if pressed := whole_number(asked.get("staff")):
            return {"staff": pressed}
        given = [line.staff_id for line in page.lines if line.kind == self.kind and line.staff_id]
        if given:
            return {"staff": given[-1]}
        here = list(providers(page.desk.location).values_list("pk", flat=True))
        me = page.desk.staff.pk if page.desk.staff else None
        if me in here:
            return {"staff": me}
        return {"staff": here[0]} if len(here) == 1 else {}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        """Each service at what it costs here with whoever is chosen."""
        location = page.order.location
        chosen = whole_number(str(form["staff"].value() or ""))
        staff = providers(location).filter(pk=chosen).first() if chosen else None
        book = TermsBook.at(location)
        return {
            "categories": [
                (category, [(one, book.terms(one, location, staff)) for one in services])
                for category, services in services_by_category()
            ]
        }

    def notes(self, line: LineItem) -> list[str]:
        usual = getattr(line, "usual_minutes", None)
        minutes = [f"{usual} min"] if usual else []
        return [*([str(line.staff)] if line.staff else []), *minutes, *self._count(line)]

    def add(self, page: OrderPage, form: ServiceForm) -> LineItem:
        return add_service(
            order=page.order,
            service=form.cleaned_data["service"],
            staff=form.cleaned_data["staff"],
            desk=page.desk,
            **form.identity,
        )


class ProductOffer(LineOffer):
    kind = "product"
    template = "checkout/_add_product.html"
    form = ProductForm

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Product", "plus", key="p")]

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        typed = form.data.get("q", "") if form.is_bound else asked.get("q", "")
        return {"typed": typed, "products": products_matching(typed)}

    def notes(self, line: LineItem) -> list[str]:
        return ["Product", *super().notes(line)]

    def add(self, page: OrderPage, form: ProductForm) -> LineItem:
        return add_product(
            order=page.order, product=form.cleaned_data["product"], desk=page.desk, **form.identity
        )


class AccountCreditsOffer(LineOffer):
    kind = "account_credit"
    template = "checkout/_add_account_credits.html"
    form = AccountCreditsForm
    changes = ("unit_price",)

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Account Credits", "plus", key="a")] if page.balances_on else []

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        """The order's client, unless another one was just picked."""
        mine = page.client.pk if page.client else None
        return {"beneficiary": asked.get("client") or mine, "amount": asked.get("amount", "")}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        chosen = whole_number(str(form["beneficiary"].value() or ""))
        other = None
        if chosen and chosen != page.order.client_id:
            other = Client.objects.active().filter(pk=chosen).first()
        typed = asked.get("client_q", "")
        found = find_clients(typed, FOUND) if typed and other is None else []
        return {
            "rows": with_figures(found, page.desk),
            "typed": typed,
            "other": other,
            "picks": other is None and (bool(typed) or "other" in asked or page.client is None),
            "quick": quick(25, 50, 100, 200),
        }

    def notes(self, line: LineItem) -> list[str]:
        return ["On the balance once the sale is closed"]

    def add(self, page: OrderPage, form: AccountCreditsForm) -> LineItem:
        return add_account_credits(
            order=page.order,
            beneficiary=form.cleaned_data["beneficiary"],
            amount=form.cleaned_data["amount"],
            desk=page.desk,
            **form.identity,
        )


class CustomOffer(LineOffer):
    kind = "custom"
    template = "checkout/_add_custom.html"
    form = CustomForm

    def buttons(self, page: OrderPage) -> list[Button]:
        return [Button("Custom amount", "plus", key="m")]

    def notes(self, line: LineItem) -> list[str]:
        return ["Custom amount", *super().notes(line)]

    def add(self, page: OrderPage, form: CustomForm) -> LineItem:
        return add_custom(
            order=page.order,
            description=form.cleaned_data["description"],
            amount=form.cleaned_data["amount"],
            tax_rate=form.cleaned_data["tax_rate"],
            staff=form.cleaned_data["staff"],
            desk=page.desk,
            **form.identity,
        )
