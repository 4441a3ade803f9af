"""Public pages: ten questions, comparators, cost."""
