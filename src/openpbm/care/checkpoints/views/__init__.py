"""Pages of a course and of its checkpoints."""
