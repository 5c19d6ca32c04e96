"""The programs as people get them, never the sources: built, put elsewhere, run on a machine with nothing of ours."""
