"""What does each answer look like? One file a question; every drawing comes with its words and its numbers."""
