"""The web application: a course of light screened, planned, released, delivered, tracked and judged."""
