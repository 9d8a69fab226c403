"""What a run tells people and programs: `rows` are the facts, each other module is one way to print them."""
