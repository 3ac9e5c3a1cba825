"""Which mode serves a team best: blind comparisons by people, and case files judged by figures."""
