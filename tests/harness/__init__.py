"""The tests' PostgreSQL, its template and clones, and the browser."""
