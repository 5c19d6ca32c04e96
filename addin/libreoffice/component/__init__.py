"""What runs inside LibreOffice, in whatever Python it brings: the standard library and UNO, nothing else of Ratable."""
