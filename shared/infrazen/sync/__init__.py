"""Where providers meet the database: plan, engine, runs, runner, schedule."""
