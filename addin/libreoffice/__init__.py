"""LibreOffice: the extension that adds the formulas to Calc, and the program that answers it."""
