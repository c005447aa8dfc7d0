PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:heading glo:startOffset 0 } ;
INSERT DATA { id:heading glo:startOffset -1 }
