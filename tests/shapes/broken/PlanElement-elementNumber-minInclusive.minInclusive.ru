PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:goal glo:elementNumber 1 } ;
INSERT DATA { id:goal glo:elementNumber 0 }
