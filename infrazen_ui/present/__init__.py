"""Domain values to what the screen shows, in either language. Pure."""
