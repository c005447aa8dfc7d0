PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:entry glo:entryOf id:inland-authority } ;
INSERT DATA { id:entry glo:entryOf id:unknown }
