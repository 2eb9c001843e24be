"""The parts that screens are made of. Each takes texts and values, none knows a service."""
