"""Scale on paper: what a number of people need, reckoned from measured costs."""
