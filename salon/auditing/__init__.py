"""Who did what, when, from which till: read from the rows that acts leave, none of them a log.

Settings leave a row for each change, money an entry, a membership an event; nobody can change or
delete them. Each app says how its rows read (`sources.add`), and one list goes through all of them
in the order of time.

    records     one line of the list, and what somebody looks for
    sources     where lines come from; the newest of all of them
    settings    the changes of settings
"""
