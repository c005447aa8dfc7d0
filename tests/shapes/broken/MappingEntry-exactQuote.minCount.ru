PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:entry glo:exactQuote ?value }
