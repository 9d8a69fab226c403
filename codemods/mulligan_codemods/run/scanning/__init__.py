"""Look at files one by one: what each holds, remembered by content."""
