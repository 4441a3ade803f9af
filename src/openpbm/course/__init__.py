"""The record of a course of light: what was planned and what was written down, read from a folder."""
