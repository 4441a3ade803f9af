"""The person, their answers, their helpers, the stages of their care, and who may see them."""
