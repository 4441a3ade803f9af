"""Plans kept as they were made, their release, and what holds them."""
