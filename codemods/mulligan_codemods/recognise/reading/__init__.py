"""A loop read as a retry: the path of a failure step by step, what ends it, and the delay."""
