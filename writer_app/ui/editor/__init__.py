"""The page: a Markdown manuscript in a QTextEdit, and the only way into it for text from a model."""
