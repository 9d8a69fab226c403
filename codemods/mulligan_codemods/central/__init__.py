"""The central policies module: where it lives, what may stand in it, and its text."""
