"""What is on the screen: states hold it, never more, and decide nothing about money."""
