"""The living document of a file of policies: Markdown, and a picture of each policy's delays beside it.

Rules: made from the file and the call sites alone, so that the same input gives the same bytes on every machine, and a
check can say that it is out of date.
"""
