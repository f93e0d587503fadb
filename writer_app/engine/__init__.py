"""How we ask a model: protocol, client and the child process. Knows nothing of stories or recipes."""
