"""The version of Ratable, said once: the package, every pack and every saved figure take it from here."""

VERSION = "0.1.0"
