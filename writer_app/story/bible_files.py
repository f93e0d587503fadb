"""The entries of a story bible as they lie in a project's folder."""

import tomllib

import msgspec

from writer_app.errors import ProjectDamaged, WriterError
from writer_app.story import files
from writer_app.story.bible import Entry
from writer_app.story.project import Project


def load(project: Project) -> tuple[list[Entry], list[WriterError]]:
    """All entries; a file that cannot be read is said and costs only itself."""
    found: list[Entry] = []
    problems: list[WriterError] = []
    for path in sorted((project.folder / Project.BIBLE).glob("*.toml")):
        try:
            project.path(f"{Project.BIBLE}/{path.name}")
            said = tomllib.loads(files.read(path).text) | {"id": path.stem}
            found.append(msgspec.convert(said, Entry))
        except WriterError as problem:
            problems.append(problem)
        except (ValueError, RecursionError) as problem:
            problems.append(ProjectDamaged(path=str(path), reason=str(problem)))
    return found, problems
