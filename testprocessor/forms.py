"""Stripe's form encoding: `line_items[0][price_data][currency]=usd` is a tree."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

_PARTS = re.compile(r"[^\[\]]+")


def decode(text: str) -> dict[str, Any]:
    """The tree that a query or a form spells; numbers stay text."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, _PARTS.findall(name), value)
    return {name: _lists(branch) for name, branch in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    *above, last = path
    for part in above:
        tree = tree.setdefault(part, {})
    tree[last] = value


def _lists(branch: Any) -> Any:
    """Branches whose names are 0, 1, 2 … are lists."""
    if not isinstance(branch, dict):
        return branch
    branch = {name: _lists(inner) for name, inner in branch.items()}
    if branch and all(name.isdigit() for name in branch):
        return [branch[name] for name in sorted(branch, key=int)]
    return branch
