"""A course: stimulus, carry-over, tolerance, mediators, expectation and score, over days."""
