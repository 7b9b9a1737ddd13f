"""What may a person write in case.toml? One file a table."""
