"""Figures: how long things take and how well they answer. May import every room."""
