"""The XMP packet that a picture's file carries: how it was made and whose it is. Pure."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from transforms.presets.channel import Making
from transforms.presets.channel_rule import SourceType
from transforms.provenance.lineage import Lineage, choose_source_type

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_TOOL = "Packshot"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def write_xmp(lineage: Lineage, source_types: Mapping[Making, SourceType] | None = None) -> bytes:
    """Write the packet of one picture. Equal lineages give equal bytes; it holds no time.

    Args:
        lineage: How the picture came about. What of it is empty is left out.
        source_types: Terms that a channel asks for (`Channel.source_types`).

    Returns:
        A packet in UTF-8, about a kilobyte.
    """
    plain = {
        "xmp:CreatorTool": _TOOL,
        "Iptc4xmpExt:DigitalSourceType": choose_source_type(lineage.made, source_types) or "",
        "Iptc4xmpExt:AISystemUsed": lineage.model,
        "Iptc4xmpExt:AIPromptInformation": lineage.prompt,
        "photoshop:Instructions": f"Preset: {lineage.preset}" if lineage.preset else "",
    }
    attributes = "".join(
        f" {name}={quoteattr(_allowed(value))}" for name, value in plain.items() if value
    )
    rights = lineage.rights
    content = ""
    if rights.creator:
        content += _array("dc:creator", "Seq", "", rights.creator)
    if rights.copyright:
        content += _array("dc:rights", "Alt", ' xml:lang="x-default"', rights.copyright)
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


def _array(name: str, kind: str, language: str, value: str) -> str:
    item = f"<rdf:li{language}>{escape(_allowed(value))}</rdf:li>"
    return f"<{name}><rdf:{kind}>{item}</rdf:{kind}></{name}>"


def _allowed(value: str) -> str:
    return _NOT_XML.sub("", value)
