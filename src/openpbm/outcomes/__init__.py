"""From answers and diaries to an honest checkpoint: scores, change, what it means, what to do."""
