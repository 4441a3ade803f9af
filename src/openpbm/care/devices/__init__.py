"""Lamps: what the maker claims, what a meter measured, and when to measure again."""
