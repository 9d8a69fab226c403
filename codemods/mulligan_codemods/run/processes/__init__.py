"""Do work in several processes that may die or hang at it."""
