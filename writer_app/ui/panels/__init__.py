"""The panels beside the page: they show the session's state and tell it what the writer wants."""
