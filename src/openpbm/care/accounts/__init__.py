"""Who somebody is and what they may do in a clinic: accounts, roles, signing in, the second factor."""
