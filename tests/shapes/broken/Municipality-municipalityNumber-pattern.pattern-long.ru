PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland glo:municipalityNumber "9901" } ;
INSERT DATA { id:inland glo:municipalityNumber "99010" . id:inland-number glo:recordValue "99010" }
