PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:document glo:documents id:strategy } ;
INSERT DATA { id:document glo:documents id:unknown }
