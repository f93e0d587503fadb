"""What is noted beside a text: a small file of its own, made when the first word is written into it."""

import threading

from writer_app.errors import FileMissing, SaveUnsure
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.project import Project
from writer_app.story.tree import Item


class Notes:
    """The notes of one item. :meth:`write` may run in any thread, also in two at once.

    Args:
        project: It belongs to.
        item: Whose ``notes`` names the file, if there is one.

    Attributes:
        item: Id of the item.
        file: Relative to the project's folder; empty as long as there is none.
        text: As the writer has it now.
    """

    def __init__(self, project: Project, item: Item) -> None:
        self.item = item.id
        self.file = item.notes
        self.text = ""
        self._project = project
        self._title = item.title
        self._form = FileForm()
        self._digest: str | None = None
        self._written = ""
        self._lock = threading.Lock()

    @property
    def is_changed(self) -> bool:
        """Whether the file does not say yet what she has written."""
        return self.text != self._written

    def read(self) -> str:
        """Take over what the file says; a file that is gone is empty. Raises as :func:`files.read`."""
        with self._lock:
            if self.file:
                try:
                    opened = files.read(self._project.path(self.file))
                    self._form, self._digest = opened.form, opened.digest
                    self.text = self._written = opened.text
                except FileMissing:
                    self.text = self._written = ""
            return self.text

    def write(self) -> str:
        """Write down what she has written, and return the file's name; empty where there is nothing to write.

        Raises:
            ChangedOnDisk: Another program has written it since.
            SaveFailed, SaveUnsure, OutsideProject: As :func:`files.write` and :meth:`Project.path`.
        """
        with self._lock:
            text = self.text
            if text != self._written:
                if not self.file:
                    name = self._title or "notes"
                    self.file = self._project.create(name, text, Project.NOTES)
                    self._digest = files.digest_of(self._project.path(self.file))
                else:
                    self._save(text)
                self._written = text
            return self.file

    def overwrite(self) -> str:
        """As :meth:`write`, whatever another program has written meanwhile."""
        with self._lock:
            self._digest = files.digest_of(self._project.path(self.file))
        return self.write()

    def rescue(self) -> str:
        """Write what she has written into another file, which no item names. Raises ``SaveFailed``."""
        return self._project.create(self._title or "notes", self.text, Project.NOTES)

    def _save(self, text: str) -> None:
        path = self._project.path(self.file)
        try:
            self._digest = files.write(path, text, self._form, self._digest)
        except SaveUnsure:
            self._digest = files.digest_of(path)
            self._written = text  # it is in place; what the disk says of it is said once
            raise
