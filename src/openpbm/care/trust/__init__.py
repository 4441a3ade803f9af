"""Who one is, what one may, what was consented to, and a record of it that cannot be changed unseen."""
