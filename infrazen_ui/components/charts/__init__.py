"""Charts. They stand apart so that pages without one never load the chart library."""
