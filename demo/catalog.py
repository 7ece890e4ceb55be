"""What the demo salon sells, and what it costs there. Prices in whole dollars, times in minutes."""

from decimal import Decimal
from typing import NamedTuple

from checkout.models import CustomPayment, PresetDiscount
from salon.models import Product, Service, ServiceCategory, TaxRate
from salon.money import money

STATE_TAX, CITY_TAX = ("State and transit tax", "4.375"), ("City sales tax", "4.5")
SALES_TAX, SERVICES_TAX = ("Sales tax", "8.875"), ("City services tax", "4.5")
"""The tax on products is the sum of the first two; the state and the city each get their own."""

SERVICES = {
    "Cut & style": [
        ("Cut & finish", 85, 60),
        ("Short cut", 62, 45),
        ("Dry cut for curls", 115, 75),
        ("Kids’ cut, under 12", 38, 30),
        ("Fringe trim", 18, 15),
        ("Blowout", 55, 45),
        ("Updo", 110, 60),
        ("Silk press", 95, 75),
    ],
    "Color": [
        ("Root touch-up", 95, 75),
        ("Single-process color", 125, 90),
        ("Half highlights", 165, 105),
        ("Full highlights", 225, 150),
        ("Balayage", 260, 165),
        ("Gloss", 48, 30),
    ],
    "Treatments": [
        ("Olaplex treatment", 43, 30),
        ("Scalp facial", 65, 45),
        ("Keratin smoothing", 295, 150),
    ],
    "Barbering": [
        ("Men’s cut", 55, 30),
        ("Skin fade", 60, 45),
        ("Beard trim", 28, 15),
        ("Hot-towel shave", 50, 30),
    ],
    "Brows & lashes": [
        ("Brow shaping", 32, 15),
        ("Brow lamination", 85, 45),
        ("Lash lift & tint", 110, 60),
    ],
    "Skin & nails": [
        ("Express facial", 78, 30),
        ("Signature facial", 135, 75),
        ("Manicure", 35, 30),
        ("Gel manicure", 52, 45),
        ("Pedicure", 62, 45),
        ("Hand & foot ritual", 98, 75),
    ],
}
UNTAXED = {"Cut & style", "Color", "Treatments", "Barbering"}

PRODUCTS = {
    "Olaplex": [
        ("No. 3 Hair Perfector", 30),
        ("No. 4 Bond Maintenance Shampoo", 30),
        ("No. 5 Bond Maintenance Conditioner", 30),
        ("No. 6 Bond Smoother", 30),
        ("No. 7 Bonding Oil", 30),
        ("No. 8 Moisture Mask", 30),
    ],
    "Oribe": [
        ("Gold Lust Shampoo", 53),
        ("Gold Lust Conditioner", 56),
        ("Dry Texturizing Spray", 52),
        ("Supershine Cream", 54),
        ("Serene Scalp Serum", 68),
    ],
    "Davines": [
        ("OI Oil", 49),
        ("OI All in One Milk", 41),
        ("MOMO Shampoo", 34),
        ("LOVE Curl Cream", 38),
        ("This is a Sea Salt Spray", 34),
        ("NOUNOU Hair Mask", 42),
    ],
    "Kérastase": [
        ("Elixir Ultime L’Huile Originale", 62),
        ("Bain Satin Riche", 48),
        ("Blond Absolu Cicaflash", 56),
        ("Discipline Fluidissime", 45),
    ],
    "Moroccanoil": [("Treatment Original", 48), ("Intense Curl Cream", 36), ("Dry Body Oil", 44)],
    "Uppercut": [("Deluxe Pomade", 24), ("Matt Clay", 24), ("Beard Balm", 22), ("Aftershave", 28)],
    "RefectoCil": [("Brow & Lash Booster", 39), ("Care Balm", 18)],
    "OPI": [("Nail Lacquer", 13), ("Cuticle Oil To Go", 12), ("Nail Envy Strengthener", 19)],
    "Dermalogica": [
        ("Daily Microfoliant", 66),
        ("Special Cleansing Gel", 45),
        ("Skin Smoothing Cream", 72),
        ("Invisible Physical Defense SPF 30", 52),
    ],
    "Tangle Teezer": [("The Ultimate Detangler", 16)],
    "Slip": [("Silk Scrunchies, set of 3", 39), ("Silk Pillowcase", 89)],
}

CUSTOM_PAYMENTS = ["Voucher", "Hotel folio"]
PRESETS = [("Returning client 10 %", "10"), ("Friends and family 20 %", "20")]


class Catalog(NamedTuple):
    """Everything that can go on a sale. Services by name."""

    services: dict[str, Service]
    products: list[Product]
    vouchers: list[CustomPayment]
    presets: list[PresetDiscount]


def make_catalog() -> Catalog:
    """Write the catalog: thirty services, forty products, their taxes, two payment buttons."""
    sales_tax, services_tax, *parts = (
        TaxRate.objects.create(name=name, percent=Decimal(percent))
        for name, percent in (SALES_TAX, SERVICES_TAX, STATE_TAX, CITY_TAX)
    )
    sales_tax.parts.set(parts)
    services = {}
    for position, (name, rows) in enumerate(SERVICES.items()):
        category = ServiceCategory.objects.create(name=name, position=position)
        rate = None if name in UNTAXED else services_tax
        for title, price, minutes in rows:
            services[title] = Service(
                name=title,
                category=category,
                price=money(price * 100),
                minutes=minutes,
                tax_rate=rate,
            )
    Service.objects.bulk_create(services.values())
    vouchers = CustomPayment.objects.bulk_create(
        CustomPayment(name=name, position=position) for position, name in enumerate(CUSTOM_PAYMENTS)
    )
    presets = PresetDiscount.objects.bulk_create(
        PresetDiscount(name=name, percent=Decimal(percent), position=position)
        for position, (name, percent) in enumerate(PRESETS)
    )
    return Catalog(services, _make_products(sales_tax), list(vouchers), list(presets))


def _make_products(rate: TaxRate) -> list[Product]:
    return Product.objects.bulk_create(
        Product(
            name=name,
            brand=brand,
            sku=f"{brand[:3].upper().replace('É', 'E')}-{number:03}",
            price=money(price * 100),
            tax_rate=rate,
        )
        for brand, rows in PRODUCTS.items()
        for number, (name, price) in enumerate(rows, start=1)
    )
