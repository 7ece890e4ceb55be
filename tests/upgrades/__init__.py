"""Databases as earlier versions left them, and what an upgrade must keep."""
