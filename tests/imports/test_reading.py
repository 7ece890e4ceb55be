"""Files of all kinds, and what is none."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from imports.errors import Unreadable
from imports.models import Import, Row
from imports.reading import limits, xlsx_files
from imports.reading.tables import open_table
from imports.uploading import upload
from tests.imports.helpers import (
    BEN,
    CLARA,
    HEADER,
    csv_of,
    owner_s_desk,
    uploaded,
    xlsx_of,
)

XLSX = "clients.xlsx"


def table(content: bytes):
    """How it was read, its columns and its rows."""
    found = open_table(io.BytesIO(content), len(content))
    return found.read_as, found.columns, list(found.rows)


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_csv_in_the_letters_that_programs_write(encoding, called):
    read_as, columns, rows = table(csv_of(CLARA).decode().encode(encoding))
    assert read_as == f"CSV, {called}, with commas"
    assert columns == HEADER
    assert rows == [(2, CLARA)]


@pytest.mark.parametrize(
    ("delimiter", "called"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_csv_with_any_delimiter(delimiter, called):
    read_as, _, rows = table(csv_of(CLARA, BEN, delimiter=delimiter))
    assert read_as.endswith(called)
    assert [cells for _, cells in rows] == [CLARA, BEN]


def test_the_header_is_found_below_a_title_and_rows_keep_their_numbers():
    read_as, columns, rows = table(b"Client list; 11/22/2026\n;;\n" + csv_of(CLARA, delimiter=";"))
    assert (read_as, columns) == ("CSV, UTF-8, with semicolons, header in row 3", HEADER)
    assert rows == [(4, CLARA)]
    _, columns, rows = table(b"Who,What\nAnn,1\n")
    assert (columns, rows) == (["Who", "What"], [(2, ["Ann", "1"])])


@pytest.mark.parametrize(
    ("start", "what"), [(b"%PDF-1.7\n", "a PDF"), (b"\x89PNG\r\n", "a picture"), (b"<html>", "web")]
)
def test_what_is_called_csv_and_is_something_else_is_refused_by_what_it_is(start, what):
    with pytest.raises(Unreadable, match=what):
        table(start + b"a,b\n" * 20)


def test_quoted_newlines_empty_rows_and_ragged_rows():
    _, _, rows = table(b'Name,Note,Balance\n"Clara","two\nlines",1\n,,\nBen\nInes,,3,4\n')
    assert rows == [
        (2, ["Clara", "two\nlines", "1"]),
        (4, ["Ben"]),
        (5, ["Ines", "", "3", "4"]),
    ]


def test_a_workbook_s_numbers_days_and_formulas_are_text():
    phone = 12125550101.0
    content = xlsx_of(
        ["Clara", "=1+1", phone, dt.datetime(2026, 12, 24), 40.1],
        [None, None, None, None, None],
        ["Ben", True, 1.2125550101e10, 0.1 + 0.2, -12],
    )
    assert table(content)[2] == [
        (2, ["Clara", "=1+1", "12125550101", "2026-12-24", "40.1"]),
        (4, ["Ben", "yes", "12125550101", "0.3", "-12"]),
    ]


def refused(content: bytes, name: str = "clients.csv") -> str:
    with pytest.raises(Unreadable) as unreadable:
        table(content)
    assert unreadable.value.field == "file"
    return unreadable.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n ,\n", "no row with text"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old kind"),
        (b"PK\x03\x04 and then nothing", "no workbook"),
        (b"Name\n" + b"x" * 20_000, "more than 10,000 letters"),
        (b"," * 300 + b"x", "more than 200 columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, said):
    message = refused(content)
    assert said in message
    assert "Nothing was kept." in message


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    assert "more than 2 rows" in refused(csv_of(CLARA, BEN, CLARA))


def workbook_with(name: str, content: bytes) -> bytes:
    file = io.BytesIO(xlsx_of(CLARA))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, content)
    return file.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(xlsx_files, "MOST_UNPACKED", 1_000_000)
    bomb = workbook_with("xl/worksheets/sheet2.xml", b"<row/>" * 500_000)
    assert len(bomb) < 50_000
    assert "unpacks to more" in refused(bomb)


def test_texts_that_would_fill_the_memory_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_files, "MOST_BYTES", 100_000)
    assert "unpacks to more" in refused(workbook_with("xl/extra.xml", b" " * 200_000))


def test_xml_that_could_blow_up_is_refused():
    billion = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><x>&lol;</x>'
    assert "no workbook" in refused(workbook_with("xl/extra.xml", billion))


@pytest.mark.django_db
def test_an_upload_stages_rows_and_keeps_no_file():
    import_ = uploaded(xlsx_of(CLARA, BEN), XLSX)
    assert (import_.read_as, import_.rows_total, import_.columns) == ("XLSX", 2, HEADER)
    assert import_.mapping == ["first_name", "last_name", "email", "phone", "balance"]
    assert len(import_.sha256) == 64
    assert list(import_.rows.values_list("number", "raw")) == [(2, CLARA), (3, BEN)]


@pytest.mark.django_db
def test_a_file_that_breaks_in_the_middle_leaves_nothing():
    with pytest.raises(Unreadable):
        uploaded(csv_of(CLARA, [*CLARA[:4], "x" * 20_000]))
    with pytest.raises(Unreadable, match="no rows under it"):
        uploaded(csv_of())
    assert not Import.objects.exists()
    assert not Row.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [csv_of(CLARA, BEN), xlsx_of(CLARA, BEN)])
def test_a_large_upload_comes_from_django_s_temporary_file(content):
    with TemporaryUploadedFile("clients", "text/csv", len(content), None) as file:
        file.write(content)
        file.seek(0)
        import_ = upload(file=file, desk=owner_s_desk())
    assert import_.rows.count() == 2
