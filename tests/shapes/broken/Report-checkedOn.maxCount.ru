PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { id:report glo:checkedOn "2026-05-30"^^xsd:date }
