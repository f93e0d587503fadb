"""The window around page and panels: menus, bars, notices, theme, dialogs, and the desk that holds all windows."""
