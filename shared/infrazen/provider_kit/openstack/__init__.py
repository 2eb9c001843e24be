"""What clouds built on OpenStack have in common: sign-in, catalogue, listings, records."""
