"""Mulligan's own objects in interpreted code: real policies and decisions, around attempts that are interpreted."""
