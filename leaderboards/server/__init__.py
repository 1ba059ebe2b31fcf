"""The service: submissions over HTTP, verified in a sandbox, kept in a database (extra `server`)."""
