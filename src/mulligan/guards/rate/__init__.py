"""The failure rate of a dependency: the pure transitions, the guard that observes, the schedule that reads it."""
