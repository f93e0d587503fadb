"""What the writer owns: documents, their change log, their files. Does not know that models exist."""
