"""Files of clients, read row by row: what is a table and what is not.

limits      how large a file may be
csv_files   text: which letters, which delimiter
xlsx_files  workbooks, unpacked no further than the limits
tables      whichever it is
"""
