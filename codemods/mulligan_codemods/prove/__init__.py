"""The proof: old and new code interpreted side by side, in every world of injected faults."""
