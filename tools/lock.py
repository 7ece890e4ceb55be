"""Resolve pyproject.toml into the hashed requirements files: `python -m tools.lock`."""

from __future__ import annotations

import subprocess
import sys

from tools import ROOT, ToolError

FILES: dict[str, list[str]] = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": [
        "pyproject.toml",
        "--extra",
        "dev",
        "--constraint",
        "requirements.txt",
    ],
    "requirements-browser.txt": ["--group", "browser"],
    "requirements-bench.txt": ["--group", "bench", "--constraint", "requirements.txt"],
}


def compile_requirements(name: str, options: list[str]) -> None:
    """Write one file; ToolError when an address got into it: hashes are what pins a package."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--upgrade"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--no-emit-index-annotation", "--python-version", "3.11", "--no-header"]
    text = subprocess.run(
        [f"{sys.prefix}/bin/uv", *command[1:], *options],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if "://" in text:
        raise ToolError(f"{name} would name a registry's address.")
    (ROOT / name).write_text(f"# Made by `make lock` from pyproject.toml.\n{text}")


if __name__ == "__main__":
    for file_name, file_options in FILES.items():
        compile_requirements(file_name, file_options)
