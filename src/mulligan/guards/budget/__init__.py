"""Retry budgets: the accounting models with their pure transitions, and the guard."""
