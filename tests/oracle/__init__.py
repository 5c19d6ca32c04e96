"""A slow, obvious second opinion on every figure: pure standard library, exact fractions, loops over days.

It shares no code with the program it judges. `oracle.Oracle` answers the reports, `random_books.random_book` makes
books to ask about. Read it beside the description of the numbers; every function says which rule it follows.
"""
