from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import CharField, DecimalField
from django.db.models.expressions import Combinable
from djmoney.money import Money

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

class MoneyField(DecimalField[_ST, _GT]):
    _pyi_private_set_type: Money | Decimal | int | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Money  # type: ignore[assignment]
    def __init__(
        self,
        verbose_name: str | None = ...,
        name: str | None = ...,
        max_digits: int | None = ...,
        decimal_places: int | None = ...,
        default: Any = ...,
        default_currency: str | None = ...,
        *,
        null: bool = ...,
        blank: bool = ...,
        editable: bool = ...,
        help_text: str = ...,
        validators: Iterable[Any] = ...,
        **options: Any,
    ) -> None: ...

class CurrencyField(CharField[_ST, _GT]): ...
