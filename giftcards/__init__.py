"""Gift cards: bearer accounts that are sold as a line and pay as a tender."""
