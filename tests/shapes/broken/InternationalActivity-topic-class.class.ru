PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:journey glo:topic <https://w3id.org/glokal/code/topic/innovation> } ;
INSERT DATA { id:journey glo:topic id:unknown }
