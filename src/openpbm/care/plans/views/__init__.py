"""The pages of plans: ordering, the workbench, two plans side by side, release, printouts, holds."""
