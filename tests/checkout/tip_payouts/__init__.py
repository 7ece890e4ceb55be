"""Paying out tips."""
