"""The same actions over HTTP with JSON."""
