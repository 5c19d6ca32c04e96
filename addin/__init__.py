"""Everything a person touches: formulas, command line, spreadsheet programs, the window. It asks the engine; the
engine never asks it."""
