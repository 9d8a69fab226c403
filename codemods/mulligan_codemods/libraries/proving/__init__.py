"""The judge of a rewrite: `comparing` holds `models/` of what the library does against the policy (`evaluating`)."""
