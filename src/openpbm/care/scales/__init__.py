"""The diary and the scored scales."""
