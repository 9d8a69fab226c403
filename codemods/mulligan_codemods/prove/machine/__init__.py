"""The interpreter of one side: `core` holds its state, each further file one part of the language."""
