"""What is read from the two texts before anything runs: scopes, the changed statements, which variables matter."""
