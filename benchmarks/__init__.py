"""How fast Ratable is beside others: ratios to peers measured in the same run, after checking that both say the
same."""
