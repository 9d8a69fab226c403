"""Module texts: their layout and their import lines."""
