"""Whether a deployment is as docs/production.md asks: each question with its answer.

Reads only. `manage.py check_deployment` prints the answers; a question of an upper floor joins by
`ask` in that app's AppConfig.ready().
"""

import datetime as dt
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

WORKER_IS_LATE = dt.timedelta(minutes=3)
DEMO_MAIL = "salon.outbox.EmailBackend"


@dataclass(frozen=True)
class Answer:
    """`remedy` is what to do; empty when all is well."""

    question: str
    found: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy


Ask = Callable[[], Answer]


def debug_is_off() -> Answer:
    bad = [name for name in ("DEBUG", "DEMO") if getattr(settings, name)]
    return Answer(
        "Neither DEBUG nor DEMO is on",
        " and ".join(bad) + " on" if bad else "both off",
        "Unset them: they show details of errors and demo logins." if bad else "",
    )


def secret_is_long() -> Answer:
    length = len(settings.SECRET_KEY)
    short = length < 50 or len(set(settings.SECRET_KEY)) < 5
    return Answer(
        "SECRET_KEY is long and random",
        f"{length} characters",
        "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'" if short else "",
    )


def address_is_https() -> Answer:
    plain = not settings.PUBLIC_URL.startswith("https://")
    return Answer(
        "PUBLIC_URL is https",
        settings.PUBLIC_URL,
        "Put a TLS proxy in front and set PUBLIC_URL to the https address." if plain else "",
    )


def web_owns_nothing() -> Answer:
    """The web's login is no superuser, owns no table and writes no row of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("""
            select r.rolsuper,
                (select count(*) from pg_tables
                 where schemaname = 'public' and tableowner = current_user),
                (select count(*) from pg_tables where tablename like 'ledger\\_%%'
                 and tablename <> 'ledger_accountcode'  -- The owner's own names, in the admin.
                 and has_table_privilege(current_user, quote_ident(tablename),
                                         'insert, update, delete, truncate'))
            from pg_roles r where r.rolname = current_user""")
        is_superuser, owned, writable = cursor.fetchone()
    bad = is_superuser or owned or writable
    return Answer(
        "The web's database login cannot write the ledger's tables",
        f"{'superuser, ' if is_superuser else ''}owns {owned} tables, may write {writable} of the "
        "ledger's",
        "Give DATABASE_URL a login of its own (docs/production.md, Database) and migrate as "
        "DATABASE_OWNER_URL's."
        if bad
        else "",
    )


def database_is_new_enough() -> Answer:
    version = connection.pg_version  # type: ignore[attr-defined]
    return Answer(
        "PostgreSQL is 15 or later",
        f"{version // 10000}.{version % 10000}",
        "Upgrade PostgreSQL." if version < 150000 else "",
    )


def commits_are_kept() -> Answer:
    """A commit that is not on disk is money that a power cut takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('fsync'), current_setting('full_page_writes'), "
            "current_setting('synchronous_commit')"
        )
        fsync, pages, synchronous = cursor.fetchone()
    bad = "off" in (fsync, pages, synchronous)
    return Answer(
        "A commit is on disk before it is told",
        f"fsync {fsync}, full_page_writes {pages}, synchronous_commit {synchronous}",
        "Switch all three on in postgresql.conf." if bad else "",
    )


def schema_is_current() -> Answer:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Answer(
        "The database is migrated",
        f"{len(waiting)} migrations to run" if waiting else "nothing to run",
        "Run manage.py migrate." if waiting else "",
    )


def files_are_collected() -> Answer:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return Answer(
        "Static files are collected",
        str(manifest) if manifest.exists() else "no manifest",
        "" if manifest.exists() else "Run manage.py collectstatic --noinput.",
    )


def mail_leaves_the_house() -> Answer:
    remedy = found = ""
    if settings.EMAIL_BACKEND == DEMO_MAIL:
        found, remedy = "the demo's outbox", "Set EMAIL_HOST; see docs/settings.md."
    else:
        try:
            mail = get_connection()
            mail.open()
            mail.close()
            found = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers"
        except OSError as error:
            found = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {error}"
            remedy = "Mend EMAIL_HOST, EMAIL_PORT and its login: receipts wait until then."
    return Answer("The mail server answers", found, remedy)


def worker_is_alive() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("select max(last_heartbeat) from procrastinate_workers")
        (seen,) = cursor.fetchone()
    late = seen is None or timezone.now() - seen > WORKER_IS_LATE
    return Answer(
        "The worker is running",
        f"last heard of {seen:%Y-%m-%d %H:%M} UTC" if seen else "never heard of",
        "Start manage.py procrastinate worker: it sends e-mail and runs what is due each minute."
        if late
        else "",
    )


def site_answers() -> Answer:
    """Asks PUBLIC_URL from here, through the proxy, for the sign-in page."""
    question = "The public address serves the sign-in page over TLS"
    url = f"{settings.PUBLIC_URL}/login/"
    try:
        with urllib.request.urlopen(url, timeout=10) as page:  # nosec B310 - the owner's address
            headers = page.headers
    except (urllib.error.URLError, OSError) as error:
        return Answer(question, f"{url}: {error}", "Look at the proxy and at gunicorn's log.")
    wanted = ["Content-Security-Policy", "X-Frame-Options"]
    if url.startswith("https"):
        wanted.append("Strict-Transport-Security")
    missing = [name for name in wanted if name not in headers]
    return Answer(
        question,
        f"without {', '.join(missing)}" if missing else "answers, with its security headers",
        "Let the proxy pass the program's headers on." if missing else "",
    )


ASKED: list[Ask] = [
    debug_is_off,
    secret_is_long,
    address_is_https,
    database_is_new_enough,
    commits_are_kept,
    web_owns_nothing,
    schema_is_current,
    files_are_collected,
    worker_is_alive,
    mail_leaves_the_house,
    site_answers,
]


def ask(question: Ask) -> None:
    """Add a question of an upper floor."""
    if question not in ASKED:
        ASKED.append(question)


def answers() -> Iterator[Answer]:
    """One answer for each question; one that breaks says so and counts as not well."""
    for question in ASKED:
        try:
            yield question()
        except Exception as error:
            yield Answer(question.__name__.replace("_", " "), f"{error}", "See the message.")
