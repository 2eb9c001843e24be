"""What several routers answer with."""
