"""The guests beside the page; they emit intentions and show state, and never call each other."""
