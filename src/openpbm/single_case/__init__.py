"""Statistics of one person: overlap, randomisation, interrupted series; numbers in, numbers out."""
