"""The path of somebody on their own, from the account to their first course: one topic a screen, one button."""
