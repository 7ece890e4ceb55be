"""The ground floor's rows: places, who works there, what is sold, the owner's settings."""

from salon.models.catalog import Product, Service, ServiceCategory, ServiceOverride, TaxRate
from salon.models.people import DeskPermission, Role, StaffMember
from salon.models.places import Location, MerchantAccount, Till
from salon.models.settings import BusinessSettings, SettingChange, TipsPaid

__all__ = [
    "BusinessSettings",
    "DeskPermission",
    "Location",
    "MerchantAccount",
    "Product",
    "Role",
    "Service",
    "ServiceCategory",
    "ServiceOverride",
    "SettingChange",
    "StaffMember",
    "TaxRate",
    "Till",
    "TipsPaid",
]
