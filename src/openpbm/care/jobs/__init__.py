"""Long work and reminders: rows that a worker claims, and a pulse that shows the worker is there."""
