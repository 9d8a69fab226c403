"""A loop as it stands: its place, its parts, how its blocks end; and whether it is a retry at all."""
