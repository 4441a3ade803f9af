"""What an account does that must stand in the audit of every clinic it, or its person, has to do with."""
