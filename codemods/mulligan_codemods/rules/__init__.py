"""The codes that reports name: a row each, a file for each family."""
