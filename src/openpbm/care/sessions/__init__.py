"""Record and verify: a session starts only from a released plan, and what was given is kept."""
