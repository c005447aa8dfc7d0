PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland-number glo:recordIri <https://example.net/9901> } ;
INSERT DATA { id:inland-number glo:recordIri "Fjordland" }
