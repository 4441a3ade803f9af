"""What was really given: sessions against the plan, adherence, cumulative dose, rules for missed sessions."""
