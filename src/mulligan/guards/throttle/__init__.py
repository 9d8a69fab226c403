"""The adaptive throttle: its pure transitions, and the guard."""
