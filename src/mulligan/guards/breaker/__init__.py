"""The circuit breaker: thresholds, states and their table, the pure transitions, and the guard."""
