PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:document glo:textDigest "sha256:1111111111111111111111111111111111111111111111111111111111111111" }
