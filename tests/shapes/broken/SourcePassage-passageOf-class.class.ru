PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:heading glo:passageOf id:document } ;
INSERT DATA { id:heading glo:passageOf id:unknown }
