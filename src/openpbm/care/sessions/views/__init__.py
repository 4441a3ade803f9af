"""The pages of a session: before, during and after it, the skin, the list, and the lamp."""
