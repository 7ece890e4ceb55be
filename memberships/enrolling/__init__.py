"""Becoming a member: the line that sells it, what it adds, enrolling online."""
