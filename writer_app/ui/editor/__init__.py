"""The page: where the manuscript is read and written. Only this room knows Qt's UTF-16 offsets."""
