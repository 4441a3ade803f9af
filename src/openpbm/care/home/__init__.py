"""What to do today: the patient's page, the clinician's list, and a clinic to try."""
