"""What hubs have: searches, lists of files, and where one file can be had. Only the download child imports this.

Hugging Face and its mirrors are asked through ``huggingface_hub``: addresses, access, metadata. ModelScope is three
plain requests. The bytes are fetched by :mod:`~writer_app.engine.download`, because of what ``huggingface_hub`` 2.4.0
does (read in its source): each call of ``hf_hub_download`` writes a file of a new random name and deletes it when the
call ends in any way but well, so that a restart begins at 0 and a kill leaves an orphan of full size; it goes on with
a broken transfer only inside one call, without If-Range; it compares sizes, never a SHA-256; too little room is a
warning; it cannot be cancelled; and without Xet it refuses files above 50 GB.
"""

import json
import os
import re
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

# Read once, when it is imported: no other transfer than ours, no word about us, no token that was not handed over.
os.environ.update(
    HF_HUB_DISABLE_XET="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_DISABLE_IMPLICIT_TOKEN="1",
    HF_HUB_DISABLE_UPDATE_CHECK="1",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    HF_HUB_OFFLINE="0",  # whoever wants to be offline never starts this process
)

import msgspec
from huggingface_hub.errors import HFValidationError
from huggingface_hub.file_download import hf_hub_url
from huggingface_hub.hf_api import HfApi, ModelInfo
from huggingface_hub.utils._http import close_session, set_client_factory

from writer_app import __version__
from writer_app.engine import filename, web
from writer_app.engine.download_protocol import (
    Files,
    ModelFile,
    Order,
    Patience,
    Piece,
    Repository,
    Search,
    Source,
)
from writer_app.engine.download_protocol import Listed as Listing
from writer_app.engine.web import Address
from writer_app.errors import N_, DownloadError, NameRefused, OtherFile, ServerStrange

_SHA256 = re.compile(r"[0-9a-f]{64}")
_REPOSITORY = re.compile(r"[\w.-]{1,96}(/[\w.-]{1,96})?", re.ASCII)
_REVISION = re.compile(r"[\w./-]{1,200}", re.ASCII)
#: What a licence is called; anything else is not shown.
_LICENCE = re.compile(r"[\w .+/()-]{1,60}")
#: What foreign answers do to code that believes in them.
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, RecursionError)

_Answer = TypeVar("_Answer")


class Hub:
    """Asks hubs; each method waits for the answer, within the time of ``patience``.

    Methods raise :class:`~writer_app.errors.DownloadError`.
    """

    def __init__(self, proxy: str, patience: Patience) -> None:
        self._lists = web.Lists(proxy, patience)
        set_client_factory(lambda: self._lists)

    def close(self) -> None:
        """Close its connections."""
        close_session()
        self._lists.close()

    def search(self, request: Search) -> tuple[Repository, ...]:
        """Repositories with GGUF files, those fetched most first."""
        source = request.source
        asks = {"huggingface": self._search_hugging_face, "modelscope": self._search_modelscope}
        if source.kind not in asks:
            return ()
        found = _understood(source, lambda: list(asks[source.kind](request)))
        return tuple(each for each in found if _is_repository(each.id))

    def files(self, request: Files) -> Listing:
        """The models in a repository."""
        source = request.source
        _check_repository(request.repository, request.revision)
        if source.kind == "modelscope":
            return _understood(source, lambda: self._list_modelscope(request))
        return _understood(source, lambda: _list_hugging_face(request))

    def locate(self, order: Order, piece: Piece, token: str) -> Address:
        """Where a piece of an order can be had now.

        Raises:
            OtherFile: It is not the one that was ordered.
        """
        source = order.source
        _check_repository(order.repository, order.revision)
        filename.last_of(piece.path)
        ask = self._locate_modelscope if source.kind == "modelscope" else _locate_hugging_face
        found = _understood(source, lambda: ask(order, piece, token))
        is_same = piece.sha256 in ("", found.sha256) if found.sha256 else True
        if not is_same or (piece.size and found.size and piece.size != found.size):
            name = filename.last_of(piece.path)
            raise OtherFile(host=web.host(source.address), name=name)
        return Address(
            found.url, found.headers, found.size or piece.size, found.sha256 or piece.sha256
        )

    def _search_hugging_face(self, request: Search) -> Iterable[Repository]:
        found = _hugging_face(request.source, request.token).list_models(
            search=request.words or None,
            filter="gguf",
            sort="downloads",
            limit=request.limit,
            expand=["downloads", "likes", "gated", "tags", "lastModified"],
        )
        return map(_repository, found)

    def _search_modelscope(self, request: Search) -> Iterable[Repository]:
        # Not documented; it is what its own pages ask. Its way to filter by library could not be relied on.
        words = (
            request.words if "gguf" in request.words.lower() else f"{request.words} gguf".strip()
        )
        body = {
            "Name": words,
            "PageNumber": 1,
            "PageSize": request.limit,
            "SortBy": "DownloadsCount",
            "Target": "",
            "SingleCriterion": [],
            "Criterion": [],
        }
        address = f"{request.source.address}/api/v1/dolphin/models"
        answer = self._lists.put(address, json=body, headers=_bearer(request.token)).json()
        for each in answer["Data"]["Model"]["Models"]:
            yield Repository(
                f"{each['Path']}/{each['Name']}",
                licence=_licence(each.get("License")),
                downloads=int(each.get("Downloads") or 0),
                likes=int(each.get("Stars") or 0),
            )

    def _list_modelscope(self, request: Files) -> Listing:
        name, headers = request.repository, _bearer(request.token)
        api = f"{request.source.address}/api/v1/models/{name}"
        about = self._lists.get(api, headers=headers).json()["Data"]
        pieces = self._files_modelscope(request.source, name, request.revision, headers)
        models, left_out = _models(pieces)
        return Listing(
            id=request.id,
            repository=Repository(
                name,
                licence=_licence(about.get("License")),
                downloads=int(about.get("Downloads") or 0),
                likes=int(about.get("Stars") or 0),
            ),
            commit=request.revision or "master",
            models=models,
            page=f"{request.source.address}/models/{name}",
            left_out=left_out,
        )

    def _files_modelscope(
        self, source: Source, repository: str, revision: str, headers: Mapping[str, str]
    ) -> list[Piece]:
        answer = self._lists.get(
            f"{source.address}/api/v1/models/{repository}/repo/files",
            params={"Revision": revision or "master", "Recursive": "True"},
            headers=headers,
        ).json()
        return [
            Piece(str(each["Path"]), int(each.get("Size") or 0), _sha256(each.get("Sha256")))
            for each in answer["Data"]["Files"]
            if each.get("Type") == "blob"
        ]

    def _locate_modelscope(self, order: Order, piece: Piece, token: str) -> Address:
        revision, headers = order.revision or "master", _bearer(token)
        if not piece.sha256:
            known = self._files_modelscope(order.source, order.repository, revision, headers)
            piece = next((each for each in known if each.path == piece.path), piece)
        place = urllib.parse.quote(f"{order.repository}/resolve/{revision}/{piece.path}")
        url = f"{order.source.address}/models/{place}"
        return Address(url, headers, piece.size, piece.sha256)


def _hugging_face(source: Source, token: str) -> HfApi:
    return HfApi(
        endpoint=source.address.rstrip("/"),
        token=token or False,
        library_name="longhand",
        library_version=__version__,
    )


def _list_hugging_face(request: Files) -> Listing:
    info = _hugging_face(request.source, request.token).model_info(
        request.repository, revision=request.revision or None, files_metadata=True
    )
    pieces = [
        Piece(
            str(each.rfilename),
            int((each.lfs.size if each.lfs else each.size) or 0),
            _sha256(each.lfs.sha256 if each.lfs else ""),
        )
        for each in info.siblings or ()
    ]
    models, left_out = _models(pieces)
    inside = info.gguf if isinstance(info.gguf, dict) else {}
    return Listing(
        id=request.id,
        repository=_repository(info),
        commit=str(info.sha or ""),
        models=models,
        page=f"{request.source.address}/{request.repository}",
        left_out=left_out,
        architecture=_licence(inside.get("architecture")),
        context=int(inside.get("context_length") or 0),
        parameters=int(inside.get("total") or 0),
    )


def _locate_hugging_face(order: Order, piece: Piece, token: str) -> Address:
    api = _hugging_face(order.source, token)
    url = hf_hub_url(
        order.repository,
        piece.path,
        revision=order.revision or None,
        endpoint=order.source.address.rstrip("/"),
    )
    known = api.get_hf_file_metadata(url=url, token=token or False)
    if known.commit_hash and _REVISION.fullmatch(
        known.commit_hash
    ):  # the same file at the next try
        url = hf_hub_url(
            order.repository,
            piece.path,
            revision=known.commit_hash,
            endpoint=order.source.address.rstrip("/"),
        )
    return Address(url, _bearer(token), known.size or 0, _sha256(known.etag))


def _repository(info: ModelInfo) -> Repository:
    tags = [str(tag) for tag in info.tags or ()]
    licence = next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "")
    return Repository(
        str(info.id),
        licence=_licence(licence),
        gated=bool(info.gated),
        downloads=int(info.downloads or 0),
        likes=int(info.likes or 0),
        changed=f"{info.last_modified:%Y-%m-%d}" if info.last_modified else "",
    )


def _models(pieces: Iterable[Piece]) -> tuple[tuple[ModelFile, ...], int]:
    """The models among files, smallest first, and how many GGUF files are none."""
    good: dict[str, Piece] = {}
    count = 0
    for piece in pieces:
        if piece.path.lower().endswith(filename.SUFFIX):
            count += 1
            try:
                filename.last_of(piece.path)
            except NameRefused:
                continue
            good[piece.path] = piece
    models = [
        ModelFile(name, tuple(good[path] for path in paths)) for name, paths in filename.whole(good)
    ]
    used = sum(len(model.pieces) for model in models)
    return tuple(sorted(models, key=lambda model: (model.size, model.name))), count - used


def _understood(source: Source, ask: Callable[[], _Answer]) -> _Answer:
    """What ``ask`` makes of an answer, unless the answer is not what it should be."""
    try:
        return ask()
    except DownloadError:
        raise
    except HFValidationError as problem:
        raise NameRefused(name="", reason=N_("no repository is called that")) from problem
    except (json.JSONDecodeError, msgspec.MsgspecError, *_MALFORMED) as problem:
        reason = N_("it cannot be understood")
        raise ServerStrange(
            host=web.host(source.address), reason=reason, detail=repr(problem)[:200]
        ) from problem


def _check_repository(repository: str, revision: str) -> None:
    if not _is_repository(repository) or (revision and not _is_revision(revision)):
        name = filename.shown(f"{repository}@{revision}" if revision else repository)
        raise NameRefused(name=name, reason=N_("no repository is called that"))


def _is_repository(name: str) -> bool:
    return bool(_REPOSITORY.fullmatch(name)) and ".." not in name


def _is_revision(name: str) -> bool:
    return bool(_REVISION.fullmatch(name)) and ".." not in name


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _sha256(said: object) -> str:
    text = str(said or "").lower()
    return text if _SHA256.fullmatch(text) else ""


def _licence(said: object) -> str:
    text = str(said or "").strip()
    return text if _LICENCE.fullmatch(text) else ""
