"""Cited tables and their row classes. The only package that opens data files."""
