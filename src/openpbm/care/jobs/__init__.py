"""Long work and reminders: rows that a worker claims, and a heartbeat that shows the worker is there."""
