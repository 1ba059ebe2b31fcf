"""The service: submissions by HTTP, verified in a sandbox, kept in a database (extra `server`)."""
