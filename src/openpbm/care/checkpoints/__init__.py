"""The course built from its rows, the engine's proposal and the clinician's decision."""
