PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:strategy glo:statedIn ?value }
