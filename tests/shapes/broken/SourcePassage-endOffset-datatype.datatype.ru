PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:heading glo:endOffset 13 } ;
INSERT DATA { id:heading glo:endOffset 13.0 }
