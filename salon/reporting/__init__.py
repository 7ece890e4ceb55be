"""What reports are made of, for every app that has one.

    registry    which reports there are, and that each ties to the trial balance
    periods     the days, and the place, that a report is about
    tables      columns and rows: the same for the page, the printer and the file
    files       CSV that a spreadsheet opens as figures and text, never as formulas
    page        the three answers to one address: page, print, file

A report is a view that reads and shows. What it lets one do is a verb of the floor that owns it.
"""
