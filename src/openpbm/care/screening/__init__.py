"""A screening kept as it was, and the rules a clinician released by signature."""
