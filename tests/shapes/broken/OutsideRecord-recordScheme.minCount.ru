PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:land-code glo:recordScheme ?value }
