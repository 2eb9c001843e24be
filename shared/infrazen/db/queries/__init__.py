"""Every SELECT and every write: a session and plain values in, plain values out."""
