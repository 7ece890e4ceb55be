"""The client's own pages and e-mails: their visit, their wallet."""
