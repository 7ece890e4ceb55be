"""An import of a hundred thousand clients: every step timed, and the memory that it takes.

`measure` runs each step in a process of its own on a fresh database, as the web and the worker do.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import ROOT, postgres
from tools.cluster import Cluster

ROWS = 100_000
DATABASE = "salon_importing"
STEPS = ["read", "check", "take in", "verify", "take back"]
ASKED_SECONDS = 60
"""For reading, checking and taking in together, on two cores."""


def measure(cluster: Cluster, rows: int = ROWS) -> Iterator[tuple[str, float, float]]:
    """(step, seconds, peak memory in MB), of a fresh database that is dropped afterwards."""
    cluster.sql(f"DROP DATABASE IF EXISTS {DATABASE}")
    postgres.prepare(cluster, DATABASE)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "clients.csv"
        write_file(file, rows)
        try:
            _run(cluster, "prepare", file, owner=True)
            for step in STEPS:
                told = _run(cluster, step, file)
                yield step, told["seconds"], told["megabytes"]
        finally:
            cluster.sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def write_file(file: Path, rows: int) -> None:
    """Every other client has a balance; one in twenty owes."""
    with file.open("w", encoding="utf-8") as out:
        out.write("First Name,Last Name,Email Address,Mobile Phone,Notes,Account Balance\n")
        for n in range(rows):
            area, line = 201 + n // 10_000 % 8, n % 10_000
            balance = "" if n % 2 else f"({n % 90 + 1}.50)" if n % 20 == 0 else f"${n % 900 + 1}.25"
            out.write(
                f"Client{n % 5000},Name{n},client{n}@example.com,"
                f"({area}) 55{n // 80_000}-{line:04d},Likes tea,{balance}\n"
            )


def _run(cluster: Cluster, step: str, file: Path, *, owner: bool = False) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.importing", step, str(file)],
        cwd=ROOT,
        env={
            **os.environ,
            **postgres.urls(cluster, DATABASE),
            "DJANGO_SETTINGS_MODULE": "salon.settings",
            "SECRET_KEY": "bench",
            "LOG_LEVEL": "WARNING",
            **({"DATABASE_ROLE": "owner"} if owner else {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{step}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _prepare(file: Path) -> None:
    from django.core.management import call_command

    from salon.models import Location, StaffMember

    call_command("migrate", verbosity=0)
    Location.objects.create(name="Bench", slug="bench", time_zone="UTC")
    StaffMember.objects.create(username="bench", name="Bench", is_superuser=True)


def _step(step: str, file: Path) -> None:
    from django.core.files import File

    from imports.checking import check
    from imports.confirming import confirm
    from imports.mapping import map_columns, options_of
    from imports.models import Import, Status
    from imports.taking_back import take_back, undo
    from imports.taking_in import take_in
    from imports.uploading import upload
    from ledger.verifying import verify
    from salon.desk import Desk
    from salon.models import Location, StaffMember

    desk = Desk(staff=StaffMember.objects.get(), location=Location.objects.get())
    if step == "read":
        with file.open("rb") as opened:
            upload(file=File(opened, name=file.name), desk=desk)
        return
    if step == "verify":
        wrong = [sentence for result in verify() for sentence in result.named]
        assert not wrong, wrong
        return
    import_ = Import.objects.get()
    if step == "check":
        options = options_of(import_)
        map_columns(import_=import_, mapping=import_.mapping, options=options, desk=desk)
        assert check(import_).rows_error == 0
    elif step == "take in":
        confirm(import_=import_, control_total=import_.net, desk=desk)
        assert take_in(import_).status == Status.DONE
    else:
        take_back(import_=import_, desk=desk)
        assert undo(import_).status == Status.TAKEN_BACK


def main(step: str, file: Path) -> None:
    """One step, in this process; what it took is its last line."""
    import django

    django.setup()
    began = time.monotonic()
    _prepare(file) if step == "prepare" else _step(step, file)
    seconds = time.monotonic() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": round(seconds, 1), "megabytes": round(megabytes)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
