"""Rewrite the candidates of files that share a policies module, and check each rewrite before it counts."""
