"""Documents of word processors, made by hand: good ones and bombs."""

import io
import zipfile

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
    f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
    for n in (1, 2)
)


def paragraph(text: str, heading: int = 0) -> str:
    style = f'<w:pPr><w:pStyle w:val="Heading{heading}"/></w:pPr>' if heading else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(body: str, head: str = "", more: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            _RELS.format(
                f'<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            ),
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            _RELS.format(f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'),
        )
        archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{_MAIN}">{_STYLES}</w:styles>')
        archive.writestr(
            "word/document.xml",
            f'{head}<w:document xmlns:w="{_MAIN}"><w:body>{body}</w:body></w:document>',
        )
        for name, data in more:
            archive.writestr(name, data)
    return made.getvalue()


def entities() -> bytes:
    """A billion laughs."""
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{nested}]>'
    return docx(paragraph("&e9;"), head)


#: Small files that would be large, deep or endless.
BOMBS = {
    "many nodes": lambda: docx("<w:p/>" * 3_000_000),
    "one long text": lambda: docx(paragraph("a" * 70_000_000)),
    "deep": lambda: docx("<w:p>" * 100_000),
    "cut short": lambda: docx(paragraph("x"))[:200],
    "no archive": lambda: b"hello",
    "empty": lambda: b"",
}
