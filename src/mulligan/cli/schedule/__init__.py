"""`mulligan schedule`: a schedule's delays as text, JSON, CSV or a picture, all of the same rows."""
