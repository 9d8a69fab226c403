"""What a run tells people and programs: each module is one way to print the rows."""
