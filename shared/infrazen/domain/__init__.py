"""What the product talks about: values and enums, no I/O."""
