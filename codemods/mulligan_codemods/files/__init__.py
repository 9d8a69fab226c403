"""Files on disk: which ones a run looks at, how they are read and written, and how a run is undone."""
