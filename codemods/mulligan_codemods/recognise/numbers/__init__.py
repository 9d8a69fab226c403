"""What changes from attempt to attempt, as numbers and names: counters, limits, deadlines, listed delays."""
