"""The window around the page: menus, notices, theme, settings."""
