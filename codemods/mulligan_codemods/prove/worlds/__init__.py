"""Both sides in one world: what the outside answers, how they advance together, and when two things are the same."""
