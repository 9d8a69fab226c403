"""`mulligan policies`: files of policies checked, documented, and described to editors."""
