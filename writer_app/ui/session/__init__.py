"""What one window is about: its document, its generation, and the snapshot of both that widgets see.

Panels and commands emit intentions and call the session; the session acts and answers with one signal.
Each window has a :class:`~writer_app.ui.session.session.Session` of its own; what windows share (settings,
file thread, journal, engine) is handed in as :class:`~writer_app.ui.session.services.Services`.
"""
