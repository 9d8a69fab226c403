"""What interpreted code works with: terms and objects, frames and functions, exceptions, effects."""
