"""What we ask of a model: recipes and the text it should read. Pure: (recipe, text, settings) -> request."""
