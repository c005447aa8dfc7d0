PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:focus-area glo:elementOf id:wider-plan } ;
INSERT DATA { id:focus-area glo:elementOf id:unknown }
