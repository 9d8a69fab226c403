"""Where guards keep their states: this process's memory, or Redis for a fleet."""
