"""What a report says: small functions from results to blocks, one file a question."""
