"""What people are told of a loop: what it does today, and its hazards."""
