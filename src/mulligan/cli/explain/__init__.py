"""`mulligan explain`: a policy's explanation as text, JSON or a picture."""
