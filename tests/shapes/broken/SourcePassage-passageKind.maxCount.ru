PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX passage-kind: <https://w3id.org/glokal/code/passage-kind/>
INSERT DATA { id:heading glo:passageKind passage-kind:link }
