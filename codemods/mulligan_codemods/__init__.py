"""Codemods that find hand-written retry loops, rewrite them into mulligan policies, and prove each rewrite."""
