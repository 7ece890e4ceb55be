"""What the desk sees: worklists, and one visit's deposit."""
