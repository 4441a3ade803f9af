"""Adverse events: what a person reports, the advice at once, and the clinician's review."""
