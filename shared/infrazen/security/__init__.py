"""Keys, secrets, passwords, sessions, tokens and roles."""
