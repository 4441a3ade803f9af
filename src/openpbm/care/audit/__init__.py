"""A record that cannot be changed unseen: insert-only rows, the chain of the audit, who read what."""
