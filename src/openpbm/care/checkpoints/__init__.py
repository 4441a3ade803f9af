"""The course put together from its rows, the engine's proposal and the clinician's decision."""
