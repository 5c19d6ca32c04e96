"""What was reported: the ledger file beside a book, which remembers every closed period and changes none."""
