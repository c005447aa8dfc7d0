PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland-authority glo:associatedWith id:council } ;
INSERT DATA { id:inland-authority glo:associatedWith "Fjordland" }
