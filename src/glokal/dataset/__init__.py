"""What the graph holds, read: canned queries and labels."""
