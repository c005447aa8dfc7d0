"""Files that are broken, each in a way of its own: name, bytes, what must be said."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:e="http://e/">{}</rdf:RDF>'
)
DEEP = (
    '<rdf:Description rdf:about="http://e/a">'
    + "<e:p><rdf:Description>" * 600
    + "</rdf:Description></e:p>" * 600
    + "</rdf:Description>"
)
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    + RDF_XML.format('<rdf:Description rdf:about="http://e/a"><e:p>&b;</e:p></rdf:Description>')
)  # fmt: skip
BAD_FILES = {
    "cut off in a string": ("d.ttl", b'@prefix : <http://e/> . :a :p """abc', "d.ttl:1:"),
    "cut off in a block": ("d.ttl", b"@prefix : <http://e/> . :a :p :b ; :q", "d.ttl:1:38"),
    "cut-off JSON": ("d.jsonld", b'{"@context": {"n": "http://e/n"}, "n": 1', "d.jsonld:1:"),
    "cut-off XML": ("d.rdf", RDF_XML.encode()[:-12], "d.rdf:1:"),
    "binary": ("d.ttl", bytes(range(256)), "not text"),
    "gzip": ("d.ttl", b"\x1f\x8b\x08\x00abc", ".gz"),
    "a workbook": ("d.ttl", b"PK\x03\x04abc", "export"),
    "Latin-1": ("d.ttl", "@prefix : <http://e/> .\n:a :p 'blå' .".encode("latin-1"), "d.ttl:2:10"),
    "UTF-16": ("d.ttl", "<a:a> <a:a> <a:a> .".encode("utf-16"), "byte-order mark"),
    "XML called Turtle": ("d.ttl", b"<?xml version='1.0'?><rdf:RDF/>", "ending .rdf"),
    "JSON called Turtle": ("d.ttl", b'{"@id": "a:a"}', "ending .jsonld"),
    "Turtle called JSON": ("d.jsonld", b"@prefix : <a:a> .", "ending .ttl"),
    "a web page": ("d.rdf", b"<!DOCTYPE html><html><br></html>", "web page"),
    "a context on the network": (
        "d.jsonld", b'{"@context": "https://schema.org/", "@id": "a:a", "name": "x"}', "never fetched",
    ),
    "JSON that means nothing": ("d.jsonld", b'{"name": "x"}', "@context"),
    "deep XML": ("d.rdf", RDF_XML.format(DEEP).encode(), "500 deep"),
    "an entity bomb": ("d.rdf", BOMB.encode(), "entity b"),
    "RDF 1.2": ("d.ttl", b"<a:a> <a:a> <<( <a:a> <a:a> <a:a> )>> .", "triple term"),
    "a direction of RDF 1.2": ("d.ttl", b'<a:a> <a:a> "x"@en--ltr .', "text with a direction"),
    "a text too long": ("d.nt", b'<a:a> <a:a> "' + b"x" * (17 << 20) + b'" .\n', "longer than 16 MB"),
    "nothing": ("d.ttl", b"# nothing here\n", "no triple"),
    "an unknown ending": ("d.txt", b"", "unknown ending"),
    "no such file": ("none.ttl", None, "none.ttl"),
}  # fmt: skip
