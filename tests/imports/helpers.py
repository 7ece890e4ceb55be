"""Files of clients, and imports at each step, as the desk and the worker make them."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from clients.models import Client
from imports.confirming import confirm
from imports.mapping import Options, map_columns
from imports.models import Import
from imports.running import run_check, run_take_back, run_take_in
from imports.taking_back import take_back
from imports.uploading import upload
from ledger import accounts
from ledger.balances import Balance, balance_of
from ledger.legs import Draw, Move
from salon.desk import Desk
from tests.factories import dollars, make_location, make_staff
from tests.ledger.books import act

HEADER = ["First name", "Last name", "Email", "Mobile", "Account balance"]
CLARA = ["Clara", "Nuñez", "clara@example.com", "(212) 555-0142", "40.00"]
BEN = ["Ben", "Okafor", "ben@example.com", "+1 212 555 0107", "$1,250.50"]
INES = ["Ines", "Duarte", "", "212-555-0161", "(12.00)"]


def owner_s_desk() -> Desk:
    """Olivia, at nobody's till."""
    return Desk(staff=make_staff("Olivia"), location=make_location())


def csv_of(*rows: Sequence[str], header: Sequence[str] = HEADER, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode()


def xlsx_of(*rows: Sequence[object], header: Sequence[str] = HEADER) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in [header, *rows]:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def uploaded(content: bytes, name: str = "clients.csv", desk: Desk | None = None) -> Import:
    """Staged; its columns are guessed."""
    return upload(file=SimpleUploadedFile(name, content), desk=desk or owner_s_desk())


def checked(*rows: Sequence[str], header: Sequence[str] = HEADER, **options: object) -> Import:
    """READY, with the columns as they were guessed."""
    return check_again(uploaded(csv_of(*rows, header=header)), **options)


def check_again(import_: Import, **options: object) -> Import:
    """Mapped as guessed, and checked by the worker."""
    map_columns(
        import_=import_,
        mapping=import_.mapping,
        options=Options(**options),
        desk=owner_s_desk(),
    )
    run_check(import_.pk)
    return fresh(import_)


def confirmed(
    import_: Import, total: str | Decimal | None = None, *, again: bool = False
) -> Import:
    """With the right control total, unless another is given; rows with errors are left out."""
    figure = import_.net if total is None else dollars(total)
    return confirm(
        import_=import_,
        control_total=figure,
        desk=owner_s_desk(),
        leave_out_errors=True,
        again=again,
    )


def taken_in(*rows: Sequence[str], **options: object) -> Import:
    """DONE."""
    import_ = confirmed(checked(*rows, **options))
    run_take_in(import_.pk)
    return fresh(import_)


def taken_back(import_: Import) -> Import:
    """What the worker leaves of it."""
    take_back(import_=import_, desk=owner_s_desk())
    run_take_back(import_.pk)
    return fresh(import_)


def fresh(import_: Import) -> Import:
    return Import.objects.get(pk=import_.pk)


def spend(client: Client, cents: int) -> None:
    act(
        owner_s_desk(),
        Draw(accounts.credit_of(client), cents),
        Move(accounts.GOODWILL, -cents),
    )


def balance(client: Client) -> Balance:
    desk = owner_s_desk()
    return balance_of(client, desk.business_date)


def named(first_name: str) -> Client:
    return Client.objects.get(first_name=first_name)
