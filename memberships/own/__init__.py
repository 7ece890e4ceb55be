"""A client's own page of a membership, by a signed link, and the e-mails with it."""
