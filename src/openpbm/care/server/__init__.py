"""`openpbm serve`: the data folder made ready, then web server and worker kept running, and stopped, together."""
