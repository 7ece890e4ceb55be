"""What the service of a line costs with somebody else."""

from djmoney.money import Money

from checkout.models import LineItem
from salon.models import StaffMember
from salon.terms import TermsBook


def price_with(line: LineItem, staff: StaffMember) -> Money | None:
    """The price of a service line when `staff` gives it instead; None where it stays as it is.

    It stays where somebody typed it: where it is not what the catalog says today for whoever the
    line names now. One query for what is customized; none for lines of other kinds.
    """
    if line.service is None:
        return None
    location = line.order.location
    book = TermsBook.at(location, [line.service])
    if line.unit_price != book.terms(line.service, location, line.staff).price:
        return None
    return book.terms(line.service, location, staff).price
