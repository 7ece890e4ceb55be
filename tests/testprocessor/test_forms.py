"""Stripe's form encoding."""

import pytest

from testprocessor.forms import decode


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("amount=100&currency=usd", {"amount": "100", "currency": "usd"}),
        ("metadata[reference]=a%20b", {"metadata": {"reference": "a b"}}),
        ("expand[0]=a.b&expand[1]=c", {"expand": ["a.b", "c"]}),
        (
            "lines[0][price][amount]=5&lines[0][quantity]=1&lines[1][quantity]=2",
            {"lines": [{"price": {"amount": "5"}, "quantity": "1"}, {"quantity": "2"}]},
        ),
        ("", {}),
    ],
)
def test_brackets_are_a_tree(text, tree):
    assert decode(text) == tree
