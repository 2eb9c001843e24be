"""Secrets of connections and resources, sealed on the way in and opened on the way out.

Stands where the vault and the database meet, below the sync and the services. Nothing
here commits: callers bring the session.
"""
