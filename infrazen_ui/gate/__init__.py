"""What stands between a browser and everything else: who may pass, and how pages behave."""
