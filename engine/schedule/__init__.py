"""The schedule: what is contracted, recognized and billed when, compiled once and asked in closed form."""
