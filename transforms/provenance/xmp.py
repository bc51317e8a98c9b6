"""An XMP packet: written from facts, and the little that is read of others' packets. Pure."""

import html
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from transforms.provenance.making import VOCABULARY

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""

# Not a parser: a stranger's XML could hold entities that grow without end.
_SOURCE_TYPE = re.compile(
    rb"DigitalSourceType[^<]{0,120}?https?://cv\.iptc\.org/newscodes/digitalsourcetype/(\w{1,64})",
    re.DOTALL,
)
_ITEMS = rb"<dc:%s\b.{0,400}?<rdf:li\b[^>]{0,200}>([^<]{1,2000})</rdf:li>"


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose picture it is, as its source says; empty: it says nothing."""

    creator: str = ""
    copyright: str = ""


NO_RIGHTS = Rights()


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a packet says."""

    source_type: str | None = None
    """Address of an IPTC term; None: nothing is claimed."""
    rights: Rights = NO_RIGHTS
    tool: str = "Packshot"
    preset: str = ""
    """Name of the look; empty: the brand does not tell it."""
    system: str = ""
    """The generative model; empty: none, or not told."""
    prompt: str = ""
    """What the model was asked; empty: nothing, or not told."""


def packet(statement: Statement) -> bytes:
    """Write a packet. Equal statements give equal bytes; it holds no time."""
    plain = {
        "xmp:CreatorTool": statement.tool,
        "Iptc4xmpExt:DigitalSourceType": statement.source_type or "",
        "Iptc4xmpExt:AISystemUsed": statement.system,
        "Iptc4xmpExt:AIPromptInformation": statement.prompt,
        "photoshop:Instructions": f"Preset: {statement.preset}" if statement.preset else "",
    }
    attributes = "".join(
        f" {name}={quoteattr(_speakable(value))}" for name, value in plain.items() if value
    )
    rights = statement.rights
    content = ""
    if rights.creator:
        content += _listed("dc:creator", "Seq", "", rights.creator)
    if rights.copyright:
        content += _listed("dc:rights", "Alt", ' xml:lang="x-default"', rights.copyright)
        attributes += ' xmpRights:Marked="True"'
    spaces = "".join(
        f' xmlns:{name}="{address}"'
        for name, address in _NAMESPACES.items()
        if f"{name}:" in attributes + content
    )
    return (
        f'{_BEGIN}<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{attributes}>{content}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _listed(name: str, kind: str, language: str, value: str) -> str:
    item = f"<rdf:li{language}>{escape(_speakable(value))}</rdf:li>"
    return f"<{name}><rdf:{kind}>{item}</rdf:{kind}></{name}>"


def _speakable(value: str) -> str:
    return _UNSPEAKABLE.sub("", value)


def source_type_in(xmp: bytes) -> str | None:
    """Name of the IPTC digital source type in anybody's packet; None: it has none."""
    found = _SOURCE_TYPE.search(xmp)
    return found[1].decode("ascii", "replace") if found else None


def rights_in(xmp: bytes) -> Rights:
    """Creator and copyright in anybody's packet."""

    def first(name: bytes) -> str:
        found = re.search(_ITEMS % name, xmp, re.DOTALL)
        return html.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""

    return Rights(creator=first(b"creator"), copyright=first(b"rights"))


def address(term: str) -> str:
    """The address of a term of IPTC's vocabulary."""
    return f"{VOCABULARY}{term}"
