"""Downloads: a history, or a part of it, as a table of numbers or as an archive.

A table, CSV or XLSX, is for people and their spreadsheets. The archive is for programs: it holds
everything as it is stored. Arrays, NPZ, are for lessons in recognition: digits and their labels.
"""
