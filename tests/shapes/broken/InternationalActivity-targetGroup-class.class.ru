PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:journey glo:targetGroup <https://w3id.org/glokal/code/group/teachers> } ;
INSERT DATA { id:journey glo:targetGroup id:unknown }
