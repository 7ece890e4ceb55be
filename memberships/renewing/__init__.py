"""Billing period after billing period: what is due, charging it, retrying, what was missed."""
