"""The demo organization: built from simulated accounts by the path that real ones take."""
