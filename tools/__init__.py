"""Programs of the project's own workshop: run from a checkout, never imported by the product."""
