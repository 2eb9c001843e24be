"""The first screen, section by section: what services answer to what is shown."""
