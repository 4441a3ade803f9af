"""Blinded tests of one person's lamp: an order drawn by lot and sealed, a keeper, guesses, and who learnt what when."""
