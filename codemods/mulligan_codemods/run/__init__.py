"""A run over files: examine, rewrite and prove package by package, verify what came out."""
