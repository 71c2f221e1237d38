"""The hand-written tables: what each vector is and what must come of it. Nothing computes an expectation."""
