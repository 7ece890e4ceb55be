"""The journal for other programs: every entry as hledger, ledger, beancount or a sheet has it.

    journal     the whole of it: what is before the first day, then every entry in order
    rows        entries with their postings, read a few thousand at a time
    names       what an account is called outside, by the owner's chart
    chart       the owner's codes
    amounts     minor units as text
    texts       what others typed, so that no program reads anything into it
    formats     the formats by name; each is a module of its own:
                hledger, ledger_cli, beancount, spreadsheet

A journal is text, made as it is read: it takes the memory of one batch however long it is. All of
it is one snapshot of the books, whatever is posted meanwhile.
"""
