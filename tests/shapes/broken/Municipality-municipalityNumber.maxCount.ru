PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:inland glo:municipalityNumber "9902" . id:inland-number glo:recordValue "9902" }
