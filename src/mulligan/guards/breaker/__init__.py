"""The circuit breaker: thresholds, states, the pure transitions, and the guard."""
