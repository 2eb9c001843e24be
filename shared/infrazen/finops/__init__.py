"""Pure arithmetic over costs."""
