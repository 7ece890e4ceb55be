"""django-hordak, the best-known Django ledger, beside ours: its transfers on the same server.

It is installed into a folder of its own under var/, so that nothing of it is near the program.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys

from benchmarks import servers
from tools import ROOT
from tools.cluster import SUPERUSER, Cluster

DATABASE = "hordak_bench"
FOLDER = servers.VAR / "bench" / "hordak"
REQUIREMENTS = ROOT / "requirements-bench.txt"
STAMP = FOLDER / "installed-from"
"""Holds a digest of the requirements that FOLDER was filled from."""


def prepare(cluster: Cluster) -> None:
    """Install it where it is missing or another one; make, migrate and fill its database."""
    _install()
    cluster.sql(f"drop database if exists {DATABASE} with (force)")
    cluster.sql(f"create database {DATABASE}")
    env = environment(cluster)
    _run("-m", "django", "migrate", "--verbosity", "0", env=env)
    _run("-m", "benchmarks.hordak_worker", "load", env=env)
    cluster.sql("vacuum analyze", DATABASE)


def _install() -> None:
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    # pip leaves what stands in a target folder already.
    shutil.rmtree(FOLDER, ignore_errors=True)
    options = ["--quiet", "--require-hashes", "--no-deps", "--target", str(FOLDER)]
    _run("-m", "pip", "install", *options, "-r", str(REQUIREMENTS), env=dict(os.environ))
    STAMP.write_text(wanted)


def transfers(cluster: Cluster, number: int) -> float:
    """Transfers a second of eight processes."""
    from benchmarks.posting import together

    return together("benchmarks.hordak_worker", "spread", number, environment(cluster))


def environment(cluster: Cluster) -> dict[str, str]:
    """Its settings and its own packages before ours."""
    return {
        **os.environ,
        "HORDAK_DATABASE_URL": cluster.url(DATABASE, SUPERUSER),
        "DJANGO_SETTINGS_MODULE": "benchmarks.hordak_settings",
        "PYTHONPATH": f"{FOLDER}{os.pathsep}{ROOT}",
    }


def _run(*arguments: str, env: dict[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True)
