"""What the texts of a row mean, one kind of text to a module. A problem is a sentence.

amounts, days, people
rows        all of a row
"""
