"""The pages about a person, one module a page."""
