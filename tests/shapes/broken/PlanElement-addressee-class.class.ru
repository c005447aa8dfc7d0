PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:goal glo:addressee <https://w3id.org/glokal/code/group/municipalities> } ;
INSERT DATA { id:goal glo:addressee id:unknown }
